// Counts the zeros above the highest one of data_i; without a one the count is meaningless.
module leading_zeros #(
  parameter  int Width  = 8,
  localparam int CountW = $clog2(Width)
) (
  input  logic [Width-1:0]  data_i,
  output logic [CountW-1:0] count_o
);
  localparam int Places = 2 ** CountW;

  // Each level copies the ones as far down as all levels before, so that at last all below the
  // highest one are set and only the zeros above it are left.
  for (genvar level = 0; level < CountW; level = level + 1) begin : gen_level
    logic [Width-1:0] ones, more;
    if (level == 0) begin : gen_first
      assign ones = data_i;
    end else begin : gen_next
      assign ones = gen_level[level-1].more;
    end
    assign more = ones | (ones >> 2**level);
  end
  logic [Width-1:0] zeros;
  assign zeros = ~gen_level[CountW-1].more;

  // Bit i of the count is set if there are at least m * 2**i zeros but not (m + 1) * 2**i, m odd.
  // Odd marks the last of the first m * 2**i places.
  for (genvar i = 0; i < CountW; i = i + 1) begin : gen_count
    localparam int Step = 2 ** i;
    localparam logic [Places-1:0] Odd = {(Places/2/Step){1'b1, {(2*Step-1){1'b0}} }} >> (Step - 1);
    assign count_o[i] = |(zeros & ~(zeros << Step) & Odd[Places-1 -: Width]);
  end
endmodule
