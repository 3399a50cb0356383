// Sums the rows of each bag lane by lane, saturating at every addition; takes a row a cycle.
module pool #(
  parameter  int Lanes = {{ lanes }},  // elements of a row
  parameter  int Bits  = {{ bits }},  // bits of an element and of a sum
  localparam int RowW  = Lanes * Bits
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            row_valid_i,
  output logic            row_ready_o,
  input  logic [RowW-1:0] row_data_i,
  input  logic            row_last_i,
  output logic            sum_valid_o,
  input  logic            sum_ready_i,
  output logic [RowW-1:0] sum_data_o
);

  logic [RowW-1:0] sum_q, sum_d;
  logic            done_q;  // the bag is complete

  assign row_ready_o = !done_q || sum_ready_i;
  assign sum_valid_o = done_q;
  assign sum_data_o  = sum_q;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [Bits-1:0] sum, row;
    logic [Bits:0]   wide;  // a bit more: its top two differ when the sum does not fit
    assign sum  = done_q ? '0 : sum_q[Bits*i +: Bits];
    assign row  = row_valid_i ? row_data_i[Bits*i +: Bits] : '0;
    assign wide = {sum[Bits-1], sum} + {row[Bits-1], row};
    assign sum_d[Bits*i +: Bits] = (wide[Bits] == wide[Bits-1])
        ? wide[Bits-1:0] : {wide[Bits], {(Bits - 1) {wide[Bits-1]}}};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sum_q  <= '0;
      done_q <= 1'b0;
    end else if (row_ready_o) begin
      sum_q  <= sum_d;
      done_q <= row_valid_i && row_last_i;
    end
  end

endmodule
