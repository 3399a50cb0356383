// Makes elements of codes: adds up an element's digits and takes off the offset of its rows.
// Elements are stored 2**(ElemBits-1) too large, so as to be unsigned. For n rows that is taken off
// as n * 2**(CellBits-1) of the highest digit, which comes first.
module adc_switch_sum #(
  parameter  int Adcs     = {{ d.adcs }},  // ADCs
  parameter  int AdcBits  = {{ d.adc_bits }},  // bits of a code
  parameter  int CellBits = {{ d.cell_bits }},  // bits of a digit
  parameter  int ElemBits = {{ d.elem_bits }},  // bits of a stored element
  parameter  int CountW   = {{ d.count_w }},  // bits of a number of rows of one access
  localparam int SumW     = AdcBits + ElemBits - CellBits + 2
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    flush_i,        // back to the reset state at this edge
  // a step that ends; its codes come in the next cycle
  input  logic                    step_end_i,
  input  logic                    head_i,         // highest digit of an element
  input  logic                    tail_i,         // lowest
  input  logic                    first_i,
  input  logic                    emit_i,
  input  logic [CountW-1:0]       n_i,            // rows of the access
  input  logic [Adcs*AdcBits-1:0] adc_code_i,
  // elements, one of each ADC
  output logic                    elem_valid_o,
  output logic                    elem_first_o,
  output logic                    elem_emit_o,
  output logic [Adcs*SumW-1:0]    elem_data_o,     // two's complement
  output logic                    drained_o,      // nothing is on its way
  output logic                    err_range_o     // a code that these rows can't give
);

  logic                 valid_q, head_q, tail_q, first_q, emit_q;
  logic [CountW-1:0]    n_q;
  logic                 elem_valid_q, elem_first_q, elem_emit_q;
  logic [Adcs*SumW-1:0] sum_q;
  logic [SumW-1:0]      offset;
  logic [AdcBits:0]     n, largest;  // one bit more than needed
  logic [Adcs-1:0]      beyond;

  assign offset  = { {(SumW-CountW){1'b0}}, n_q} << (CellBits - 1);
  assign n       = { {(AdcBits+1-CountW){1'b0}}, n_q};
  assign largest = (n << CellBits) - n;

  for (genvar k = 0; k < Adcs; k++) begin : gen_adc
    logic [AdcBits-1:0] code;
    logic [SumW-1:0]    base;
    assign code      = adc_code_i[AdcBits*k +: AdcBits];
    assign base      = head_q ? -offset : sum_q[SumW*k +: SumW] << CellBits;
    assign beyond[k] = {1'b0, code} > largest;
    always_ff @(posedge clk_i) begin
      if (valid_q) sum_q[SumW*k +: SumW] <= base + { {(SumW-AdcBits){1'b0}}, code};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q      <= 1'b0;
      elem_valid_q <= 1'b0;
    end else if (flush_i) begin
      valid_q      <= 1'b0;
      elem_valid_q <= 1'b0;
    end else begin
      valid_q      <= step_end_i;
      elem_valid_q <= valid_q && tail_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (step_end_i) begin
      head_q  <= head_i;
      tail_q  <= tail_i;
      first_q <= first_i;
      emit_q  <= emit_i;
      n_q     <= n_i;
    end
    elem_first_q <= first_q;
    elem_emit_q  <= emit_q;
  end

  assign elem_valid_o = elem_valid_q;
  assign elem_first_o = elem_first_q;
  assign elem_emit_o  = elem_emit_q;
  assign elem_data_o  = sum_q;
  assign drained_o    = !valid_q && !elem_valid_q;
  assign err_range_o  = valid_q && beyond != '0;

endmodule
