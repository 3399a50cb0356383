// Shifts right by Unit * amount_i and tells whether any one was shifted out.
module sticky_shift #(
  parameter int Width   = 8,
  parameter int AmountW = 3,
  parameter int Unit    = 1  // Unit * 2**(AmountW-1) is at most Width
) (
  input  logic [Width-1:0]   data_i,
  input  logic [AmountW-1:0] amount_i,
  output logic [Width-1:0]   data_o,
  output logic               sticky_o
);
  always_comb begin
    data_o   = data_i;
    sticky_o = 1'b0;
    for (int level = AmountW - 1; level >= 0; level = level - 1) begin
      if (amount_i[level]) begin
        sticky_o = sticky_o | (|(data_o << (Width - (Unit << level))));
        data_o   = data_o >> (Unit << level);
      end
    end
  end
endmodule
