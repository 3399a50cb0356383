// Says which bits of a code some number of rows can set: more resolution would be wasted.
module adc_switch_resolution #(
  parameter int CellBits = {{ d.cell_bits }},  // bits of a cell
  parameter int AdcBits  = {{ d.adc_bits }},  // full resolution
  parameter int CountW   = {{ d.count_w }}  // bits of a number of rows of one access
) (
  input  logic [CountW-1:0]  n_i,     // rows of the access
  output logic [AdcBits-1:0] bits_o   // from bit 0 up, as many as its largest code has
);

  logic [AdcBits:0] n, largest;  // one bit more than needed

  assign n       = { {(AdcBits+1-CountW){1'b0}}, n_i};
  assign largest = (n << CellBits) - n;

  for (genvar i = 0; i < AdcBits; i++) begin : gen_bit
    assign bits_o[i] = largest[AdcBits:i] != '0;
  end

endmodule
