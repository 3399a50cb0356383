// A place where a pipeline can be cut: a rank of registers if Cut is 1, wires if it is 0.
module pipe_cut #(
  parameter int Width = 8,
  parameter int Cut   = 1
) (
  input  logic             clk_i,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);
  if (Cut == 1) begin : gen_rank
    always_ff @(posedge clk_i) q_o <= d_i;
  end else begin : gen_wires
    logic unused_clk;
    assign unused_clk = clk_i;
    assign q_o        = d_i;
  end
endmodule
