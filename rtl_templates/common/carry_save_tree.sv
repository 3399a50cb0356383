// Adds Rows numbers up to Left numbers of the same sum modulo 2**Width, without carry chains.
module carry_save_tree #(
  parameter int Rows  = 3,
  parameter int Left  = 2,   // 2 to Rows - 1
  parameter int Width = 8
) (
  input  logic [Rows*Width-1:0] rows_i,
  output logic [Left*Width-1:0] rows_o
);
  localparam int Total = Rows + 2 * (Rows - Left);

  // A queue: each adder takes the three oldest rows and appends two, a sum and its carries, so that
  // the tree is as flat as can be.
  for (genvar i = 0; i < Total; i = i + 1) begin : gen_queue
    logic [Width-1:0] row;
    if (i < Rows) begin : gen_given
      assign row = rows_i[i*Width +: Width];
    end else begin : gen_added
      localparam int Oldest = 3 * ((i - Rows) / 2);
      logic [Width-1:0] x, y, z;
      assign x = gen_queue[Oldest].row;
      assign y = gen_queue[Oldest+1].row;
      assign z = gen_queue[Oldest+2].row;
      if ((i - Rows) % 2 == 0) begin : gen_sum
        assign row = x ^ y ^ z;
      end else begin : gen_carries
        assign row = ((x & y) | (x & z) | (y & z)) << 1;
      end
    end
    if (i >= Total - Left) begin : gen_left
      assign rows_o[(i-Total+Left)*Width +: Width] = row;
    end
  end
endmodule
