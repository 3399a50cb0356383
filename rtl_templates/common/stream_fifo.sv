// Holds up to Depth words in order; a word taken in one cycle can leave from the next one on.
module stream_fifo #(
  parameter  int Width = 8,   // bits of a word
  parameter  int Depth = 2,   // words, a power of two
  localparam int PtrW  = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,   // drop everything at this edge
  input  logic             valid_i,
  output logic             ready_o,   // depends on the state only
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);

  logic [Width*Depth-1:0] words_q, picked;
  logic [PtrW:0]          wptr_q, rptr_q;  // one bit more than a position: tells full from empty
  logic                   push, pop;

  assign ready_o = wptr_q != {~rptr_q[PtrW], rptr_q[PtrW-1:0]};
  assign valid_o = wptr_q != rptr_q;
  assign push    = valid_i && ready_o;
  assign pop     = valid_o && ready_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
    end else if (flush_i) begin
      wptr_q <= '0;
      rptr_q <= '0;
    end else begin
      if (push) wptr_q <= wptr_q + 1'b1;
      if (pop) rptr_q <= rptr_q + 1'b1;
    end
  end

  // Words need no reset: nothing is visible before it was written. Each word has its own enable and
  // its own gate to the output; an indexed part select would become a barrel shifter.
  for (genvar i = 0; i < Depth; i++) begin : gen_word
    always_ff @(posedge clk_i) begin
      if (push && wptr_q[PtrW-1:0] == i) words_q[Width*i +: Width] <= data_i;
    end
    assign picked[Width*i +: Width] =
        (rptr_q[PtrW-1:0] == i) ? words_q[Width*i +: Width] : '0;
  end

  always_comb begin
    data_o = '0;
    for (int i = 0; i < Depth; i++) data_o = data_o | picked[Width*i +: Width];
  end

endmodule
