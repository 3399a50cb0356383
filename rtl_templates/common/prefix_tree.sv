// Computes the carries of an adder, or a run of levels of that computation.
// A Sklansky tree: after the last level, g_o[i] says that bits i..0 carry out and p_o[i] that they
// pass a carry on.
module prefix_tree #(
  parameter int Width = 8,
  parameter int First = 0,             // first level
  parameter int Last  = $clog2(Width)  // first level not included
) (
  input  logic [Width-1:0] g_i,
  input  logic [Width-1:0] p_i,
  output logic [Width-1:0] g_o,
  output logic [Width-1:0] p_o
);
  always_comb begin
    g_o = g_i;
    p_o = p_i;
    for (int level = First; level < Last; level = level + 1) begin
      // The upper half of each block of 2**(level+1) bits joins the top of the lower half.
      for (int i = 0; i < Width; i = i + 1) begin
        if (((i >>> level) & 1) == 1) begin
          g_o[i] = g_o[i] | (p_o[i] & g_o[((i >>> level) << level) - 1]);
          p_o[i] = p_o[i] & p_o[((i >>> level) << level) - 1];
        end
      end
    end
  end
endmodule
