// Adds integers modulo 2**Width.
module int_add #(
  parameter int Width  = 32,
  parameter int Stages = 2   // register ranks, at least 2
) (
  input  logic             clk_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] sum_o   // of the operands Stages cycles before
);
  // The low half in the first rank, the high half with its carry in the second; further ranks only
  // keep step with slower units.
  localparam int Low  = Width / 2;
  localparam int High = Width - Low;

  logic [Low:0]                low_q;
  logic [High-1:0]             a_q, b_q, high;
  logic [(Stages-1)*Width-1:0] ranks_q;
  assign high = a_q + b_q + { {(High-1){1'b0}}, low_q[Low]};

  always_ff @(posedge clk_i) begin
    low_q <= {1'b0, a_i[Low-1:0]} + {1'b0, b_i[Low-1:0]};
    a_q   <= a_i[Width-1:Low];
    b_q   <= b_i[Width-1:Low];
    ranks_q[0 +: Width] <= {high, low_q[Low-1:0]};
    for (int i = 1; i < Stages - 1; i = i + 1) begin
      ranks_q[i*Width +: Width] <= ranks_q[(i-1)*Width +: Width];
    end
  end
  assign sum_o = ranks_q[(Stages-2)*Width +: Width];
endmodule
