// Holds the vector at hand and the next one; each is filled beat by beat and read at any beat.
module pe_vectors #(
  parameter  int Beats = {{ d.beats }},  // beats of a vector, a power of two
  parameter  int VecW  = {{ d.vec_w }},  // bits of a beat in memory format
{%- if d.update %}
  parameter  int IdW   = {{ d.id_w }},  // bits of a row id
{%- endif %}
  localparam int BeatW = (Beats > 1) ? $clog2(Beats) : 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                flush_i,     // drop everything at this edge
  input  logic                vec_valid_i,
  output logic                vec_ready_o,
{%- if d.update %}
  input  logic [IdW-1:0]      vec_id_i,    // counts on the first beat
{%- endif %}
  input  logic [VecW-1:0]     vec_data_i,
  output logic [1:0]          usable_o,    // register holds a whole vector
  input  logic                end_i,       // the vector of register end_sel_i is done with
  input  logic                end_sel_i,
  // readers; a register is filled again from the cycle after end_i, always behind them
  input  logic                main_sel_i,
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0]    main_beat_i,
{%- endif %}
  output logic [VecW-1:0]     main_data_o,
  input  logic                side_sel_i,
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0]    side_beat_i,
{%- endif %}
{%- if d.update %}
  input  logic                id_sel_i,
  output logic [IdW-1:0]      id_o,        // id of the vector in register id_sel_i
{%- endif %}
  output logic [VecW-1:0]     side_data_o
);

  localparam logic [BeatW-1:0] LastBeat = {{ d.last_beat }};

  logic [2*Beats*VecW-1:0] vec_q;
{%- if d.update %}
  logic [2*IdW-1:0]        id_q;
{%- endif %}
  logic [1:0]              full_q;
  logic                    load, load_sel_q;
  logic [BeatW-1:0]        load_beat_q;

  assign vec_ready_o = !full_q[load_sel_q];
  assign load        = vec_valid_i && vec_ready_o;
  assign usable_o    = full_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q      <= '0;
      load_sel_q  <= 1'b0;
      load_beat_q <= '0;
    end else if (flush_i) begin
      full_q      <= '0;
      load_sel_q  <= 1'b0;
      load_beat_q <= '0;
    end else begin
      if (end_i) full_q[end_sel_i] <= 1'b0;
      if (load) begin
        load_beat_q <= (load_beat_q == LastBeat) ? '0 : load_beat_q + 1'b1;
        if (load_beat_q == LastBeat) begin
          full_q[load_sel_q] <= 1'b1;
          load_sel_q         <= !load_sel_q;
        end
      end
    end
  end

  for (genvar s = 0; s < 2; s++) begin : gen_reg
{%- if d.update %}
    always_ff @(posedge clk_i) begin
      if (load && load_sel_q == s && load_beat_q == '0) begin
        id_q[IdW*s +: IdW] <= vec_id_i;
      end
    end
{%- endif %}
    for (genvar b = 0; b < Beats; b++) begin : gen_beat
      always_ff @(posedge clk_i) begin
        if (load && load_sel_q == s && load_beat_q == b) begin
          vec_q[VecW*(Beats*s+b) +: VecW] <= vec_data_i;
        end
      end
    end
  end

{%- if d.beats == 1 %}
  assign main_data_o = vec_q[VecW*main_sel_i +: VecW];
  assign side_data_o = vec_q[VecW*side_sel_i +: VecW];
{%- else %}
  assign main_data_o = vec_q[VecW*{main_sel_i, main_beat_i} +: VecW];
  assign side_data_o = vec_q[VecW*{side_sel_i, side_beat_i} +: VecW];
{%- endif %}
{%- if d.update %}
  assign id_o        = id_q[IdW*id_sel_i +: IdW];
{%- endif %}

endmodule
