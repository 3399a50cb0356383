// Passes vector beats on and keeps the id of each vector until it is matched.
// Holds Depth ids; while it is full no beat passes. The oldest id is also in a register, because
// it is compared in many places at once.
module pe_ids #(
  parameter  int Depth = {{ depth }},  // ids, a power of two
{%- if d.beats > 1 %}
  parameter  int Beats = {{ d.beats }},  // beats of a vector, a power of two
{%- endif %}
  parameter  int VecW  = {{ d.vec_w }},  // bits of a beat in memory format
  parameter  int IdW   = {{ d.id_w }},  // bits of a row id
  localparam int PtrW  = $clog2(Depth)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            flush_i,      // drop everything at this edge
  input  logic            vec_valid_i,
  output logic            vec_ready_o,
  input  logic [IdW-1:0]  vec_id_i,     // counts on the first beat
  input  logic [VecW-1:0] vec_data_i,
  output logic            out_valid_o,
  input  logic            out_ready_i,
{%- if d.update %}
  output logic [IdW-1:0]  out_id_o,
{%- endif %}
  output logic [VecW-1:0] out_data_o,
  output logic            id_valid_o,
  input  logic            id_ready_i,
  output logic [IdW-1:0]  id_o
);

  logic [IdW*Depth-1:0] ids_q;
  logic [IdW-1:0]       head_q;
  logic [PtrW:0]        wptr_q, rptr_q, next_q;  // next_q = rptr_q + 1
  logic                 room, push, pop, first;

  assign room        = wptr_q != {~rptr_q[PtrW], rptr_q[PtrW-1:0]};
  assign vec_ready_o = out_ready_i && room;
  assign out_valid_o = vec_valid_i && room;
{%- if d.update %}
  assign out_id_o    = vec_id_i;
{%- endif %}
  assign out_data_o  = vec_data_i;
  assign id_valid_o  = wptr_q != rptr_q;
  assign id_o        = head_q;
  assign push        = vec_valid_i && vec_ready_o && first;
  assign pop         = id_valid_o && id_ready_i;

{%- if d.beats == 1 %}
  assign first = 1'b1;
{%- else %}
  localparam int BeatW = $clog2(Beats);

  logic [BeatW-1:0] beat_q;

  assign first = beat_q == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) beat_q <= '0;
    else if (flush_i) beat_q <= '0;
    else if (vec_valid_i && vec_ready_o) beat_q <= beat_q + 1'b1;
  end
{%- endif %}

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
      next_q <= { {PtrW{1'b0}}, 1'b1};
    end else if (flush_i) begin
      wptr_q <= '0;
      rptr_q <= '0;
      next_q <= { {PtrW{1'b0}}, 1'b1};
    end else begin
      if (push) wptr_q <= wptr_q + 1'b1;
      if (pop) begin
        rptr_q <= next_q;
        next_q <= next_q + 1'b1;
      end
    end
  end

  // The head follows from the queue, or from the input if nothing else waits.
  always_ff @(posedge clk_i) begin
    if (push) ids_q[IdW*wptr_q[PtrW-1:0] +: IdW] <= vec_id_i;
    if (pop || !id_valid_o) begin
      head_q <= (id_valid_o && wptr_q != next_q) ? ids_q[IdW*next_q[PtrW-1:0] +: IdW] : vec_id_i;
    end
  end

endmodule
