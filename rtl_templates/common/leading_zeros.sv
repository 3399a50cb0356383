// Counts the zeros above the highest one of data_i; without a one the count is meaningless.
module leading_zeros #(
  parameter  int Width  = 8,
  localparam int CountW = $clog2(Width)
) (
  input  logic [Width-1:0]  data_i,
  output logic [CountW-1:0] count_o
);
  localparam int Leaves = 2 ** CountW;

  // A tree of (any one below here, zeros above it), evaluated in place: node n of a level joins
  // nodes 2n and 2n+1 of the level before.
  logic [Leaves-1:0]        any;
  logic [Leaves*CountW-1:0] count;

  always_comb begin
    any   = '0;
    count = '0;
    any[Leaves-1 -: Width] = data_i;
    for (int level = 0; level < CountW; level = level + 1) begin
      for (int n = 0; n < Leaves/2; n = n + 1) begin
        if (n < (Leaves >> (level + 1))) begin
          count[n*CountW +: CountW] =
              any[2*n+1] ? count[(2*n+1)*CountW +: CountW] : count[2*n*CountW +: CountW];
          count[n*CountW+level] = ~any[2*n+1];
          any[n] = any[2*n+1] | any[2*n];
        end
      end
    end
  end

  assign count_o = count[CountW-1:0];
endmodule
