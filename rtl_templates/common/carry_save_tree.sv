// Adds Rows numbers up to Left numbers of the same sum modulo 2**Width, without carry chains.
module carry_save_tree #(
  parameter int Rows  = 3,
  parameter int Left  = 2,   // 2 to Rows - 1
  parameter int Width = 8
) (
  input  logic [Rows*Width-1:0] rows_i,
  output logic [Left*Width-1:0] rows_o
);
  localparam int Adders = Rows - Left;
  localparam int All    = Rows + 2 * Adders;

  // A queue: each adder takes the three oldest rows and appends two, so that the tree is as flat as
  // can be.
  logic [All*Width-1:0] queue;
  logic [Width-1:0]     x, y, z;
  always_comb begin
    queue = '0;
    queue[0 +: Rows*Width] = rows_i;
    x = '0;
    y = '0;
    z = '0;
    for (int k = 0; k < Adders; k = k + 1) begin
      x = queue[3*k*Width +: Width];
      y = queue[(3*k+1)*Width +: Width];
      z = queue[(3*k+2)*Width +: Width];
      queue[(Rows+2*k)*Width +: Width]   = x ^ y ^ z;
      queue[(Rows+2*k+1)*Width +: Width] = ((x & y) | (x & z) | (y & z)) << 1;
    end
  end
  assign rows_o = queue[All*Width-1 -: Left*Width];
endmodule
