// Adds up the elements of a query's accesses, and keeps the result until it has left.
module adc_switch_pool #(
  parameter  int Adcs  = {{ d.adcs }},  // ADCs
  parameter  int Beats = {{ d.beats }},  // elements of each ADC
  parameter  int SumW  = {{ d.sum_w }},  // bits of an element of one access
  parameter  int AccW  = {{ d.acc_w }},  // bits of an accumulator, at least SumW
  localparam int PosW  = (Beats > 1) ? $clog2(Beats) : 1
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 flush_i,      // back to the reset state at this edge
  // elements, one of each ADC, in turn
  input  logic                 elem_valid_i,
  input  logic                 elem_first_i,  // of the query's first access
  input  logic [Adcs*SumW-1:0] elem_data_i,
  // result
  input  logic [PosW-1:0]      pos_i,
  input  logic                 zero_i,       // the query had no rows
  output logic [Adcs*AccW-1:0] res_data_o
);

  localparam logic [PosW-1:0] LastPos = {{ d.beats - 1 }};  // Beats - 1

  logic [PosW-1:0]  pos_q;
  logic [Beats-1:0] here, older, shown;  // word to write, to add to, to show

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) pos_q <= '0;
    else if (flush_i) pos_q <= '0;
    else if (elem_valid_i) pos_q <= (pos_q == LastPos) ? '0 : pos_q + 1'b1;
  end

  // What begins anew, or is not there, reads as zero.
  for (genvar i = 0; i < Beats; i++) begin : gen_beat
    assign here[i]  = pos_q == i;
    assign older[i] = here[i] && !elem_first_i;
    assign shown[i] = pos_i == i && !zero_i;
  end

  for (genvar k = 0; k < Adcs; k++) begin : gen_adc
    logic [Beats*AccW-1:0] words_q;
    logic [SumW-1:0]       element;
    logic [AccW-1:0]       old, sum, res;

    assign element = elem_data_i[SumW*k +: SumW];
    assign sum     = old + { {(AccW-SumW+1){element[SumW-1]}}, element[SumW-2:0]};
    assign res_data_o[AccW*k +: AccW] = res;

    always_comb begin
      old = '0;
      res = '0;
      for (int i = 0; i < Beats; i++) begin
        old = old | (words_q[AccW*i +: AccW] & {AccW{older[i]}});
        res = res | (words_q[AccW*i +: AccW] & {AccW{shown[i]}});
      end
    end

    for (genvar i = 0; i < Beats; i++) begin : gen_word
      always_ff @(posedge clk_i) begin
        if (elem_valid_i && here[i]) words_q[AccW*i +: AccW] <= sum;
      end
    end
  end

endmodule
