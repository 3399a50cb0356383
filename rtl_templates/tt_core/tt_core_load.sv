// Takes tables, a line of a TT core a cycle, and finds out whether one came whole and right.
// A line waits while its memory is read; after one cycle it asks the stages to leave that memory
// alone, so that it waits for the operation at hand at most.
module tt_core_load #(
  parameter int Cores  = {{ d.cores.len() }},  // TT cores
  parameter int TableW = {{ d.table_port_w }},  // bits of a table's number on ports
  parameter int DataW  = {{ d.load_w }},  // bits of a beat
  parameter int LineW  = {{ d.line_w }}  // bits of a line's number in its core
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,          // back to the reset state at this edge
  // beats
  input  logic              load_valid_i,
  output logic              load_ready_o,
  input  logic              load_start_i,
  input  logic              load_last_i,
  input  logic [TableW-1:0] load_table_i,
  input  logic [DataW-1:0]  load_data_i,
  // tables
  output logic              revoke_o,         // the table of load_table_i can't be used any more
  output logic [TableW-1:0] held_table_o,     // of the start beat held
  input  logic              idle_i,           // no row in flight needs that table
  output logic              start_o,          // its load begins
  output logic              grant_o,          // a table is whole and right
{%- if d.several() %}
  output logic [TableW-1:0] table_o,          // the one being loaded
{%- endif %}
  // memories of the cores, one bit each
  input  logic [Cores-1:0]  read_i,
  output logic [Cores-1:0]  write_o,          // never with the same bit of read_i
  output logic [Cores-1:0]  hold_o,           // no operation that reads it should begin
  output logic [LineW-1:0]  line_o,
  output logic [{{ d.line_bits() - 1 }}:0] line_data_o,
  // what a start beat says
  output logic [{{ d.rows_w - 1 }}:0] start_rows_o,
{%- if !d.float %}
{%- for s in d.middle() %}
  output logic [19:0]       scale{{ s.k }}_o,         // shift and multiplier of stage {{ s.k }}
{%- endfor %}
{%- endif %}
  // events
  output logic              held_o,           // a beat is held
  output logic              written_o,
  output logic              waits_o,
  output logic              err_load_o,
  output logic              err_nonfinite_o
);

  // Lines of each core.
{%- for core in d.cores.iter() %}
  localparam logic [LineW-1:0] LastLine{{ core.k }} = {{ core.lines - 1 }};
{%- endfor %}

  logic              valid_q, start_q, last_q, turn_q;
  logic [TableW-1:0] table_q;
  logic [DataW-1:0]  data_q;
  logic              busy_q, bad_q;       // a load is under way; something was wrong with it
  logic [Cores-1:0]  core_q;              // the core of the next line
  logic [LineW-1:0]  line_q;
  logic [Cores-1:0]  at_end;
  logic              take, go, start, writes, written, stray, core_ends, final_line, miscounted;
  logic              wrong_start, wrong_rows, nonfinite;
  logic [31:0]       rows;

  assign load_ready_o = !valid_q || go;
  assign take         = load_valid_i && load_ready_o;
  assign go           = valid_q && (start_q ? idle_i : !(writes && (core_q & read_i) != '0));
  assign start        = go && start_q;
  assign writes       = valid_q && !start_q && busy_q;
  assign written      = go && writes;
  assign stray        = go && !start_q && !busy_q;
  assign hold_o       = core_q & {Cores{turn_q}};
  assign line_o       = line_q;
  assign line_data_o  = data_q[{{ d.line_bits() - 1 }}:0];
  assign start_rows_o = data_q[{{ d.rows_w - 1 }}:0];
{%- if !d.float %}
{%- for s in d.middle() %}
  assign scale{{ s.k }}_o     = data_q[{{ 8 + 24 * s.k }} +: 20];
{%- endfor %}
{%- endif %}
  assign revoke_o     = take && load_start_i;
  assign held_table_o = table_q;
  assign held_o       = valid_q;
  assign waits_o      = valid_q && !go;

  // Start beats. An earlier load that is still under way is given up.
  assign rows        = data_q[31:0];
{%- if d.counts_any() %}
  assign wrong_rows  = rows == '0;
{%- else %}
  assign wrong_rows  = rows == '0 || rows > 32'd{{ d.row_space }};
{%- endif %}
{%- if d.several() %}
  assign wrong_start = wrong_rows;
  assign start_o     = start;
  assign write_o     = core_q & {Cores{written}};
  assign written_o   = written;
{%- else %}
  // Table 1 does not exist: its lines are dropped.
  logic nowhere_q;
  assign wrong_start = wrong_rows || table_q != '0;
  assign start_o     = start && table_q == '0;
  assign write_o     = core_q & {Cores{written && !nowhere_q}};
  assign written_o   = written && !nowhere_q;

  always_ff @(posedge clk_i) begin
    if (start) nowhere_q <= table_q != '0;
  end
{%- endif %}

  // Lines.
{%- for core in d.cores.iter() %}
  assign at_end[{{ core.k - 1 }}] = core_q[{{ core.k - 1 }}] && line_q == LastLine{{ core.k }};
{%- endfor %}
  assign core_ends  = at_end != '0;
  assign final_line = at_end[Cores-1];
  assign miscounted = written && last_q != final_line;
  assign grant_o    = written && last_q && final_line && !bad_q && !nonfinite;
{%- if d.float %}
{% if d.mixed_lines() %}
  // Which words are infinite or NaN, of those that lines of this core have.
{%- else %}
  // Which words are infinite or NaN.
{%- endif %}
  localparam int Words = DataW / {{ d.elem_w }};
  logic [Words-1:0] special;
  for (genvar i = 0; i < Words; i++) begin : gen_word
    assign special[i] = data_q[{{ d.elem_w }}*i+{{ d.man_w() }} +: 8] == '1;
  end
{%- if d.mixed_lines() %}
  logic [Words-1:0] used;
  always_comb begin
    used = '0;
{%- for core in d.cores.iter() %}
    if (core_q[{{ core.k - 1 }}]) used = used | {% if core.line_words < d.load_w / d.elem_w -%}
    { {(Words-{{ core.line_words }}){1'b0}}, {{ core.line_words }}'h{{ core.words_mask() }}};
    {%- else -%}
    '1;
    {%- endif %}
{%- endfor %}
  end
  assign nonfinite = (special & used) != '0;
{%- else %}
  assign nonfinite = special != '0;
{%- endif %}
{%- else %}
  assign nonfinite = 1'b0;
{%- endif %}

  assign err_load_o      = (start && (busy_q || wrong_start)) || stray || miscounted;
  assign err_nonfinite_o = written && nonfinite;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      turn_q  <= 1'b0;
      busy_q  <= 1'b0;
    end else if (flush_i) begin
      valid_q <= 1'b0;
      turn_q  <= 1'b0;
      busy_q  <= 1'b0;
    end else begin
      if (load_ready_o) valid_q <= load_valid_i;
      turn_q <= writes && !go;
      if (start) busy_q <= 1'b1;
      else if (written && (last_q || final_line)) busy_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load_ready_o) begin
      start_q <= load_start_i;
      last_q  <= load_last_i;
      table_q <= load_table_i;
      data_q  <= load_data_i;
    end
    if (start) begin
      bad_q  <= wrong_start;
      core_q <= { {(Cores-1){1'b0}}, 1'b1};
      line_q <= '0;
    end else if (written) begin
      bad_q <= bad_q || miscounted || nonfinite;
      if (core_ends) core_q <= core_q << 1;
      line_q <= core_ends ? '0 : line_q + 1'b1;
    end
  end
{%- if d.several() %}

  logic [TableW-1:0] ld_table_q;
  assign table_o = ld_table_q;
  always_ff @(posedge clk_i) begin
    if (start) ld_table_q <= table_q;
  end
{%- endif %}
{%- if !d.unused_load.is_empty() %}

  // No line is so long, and a start beat says nothing there.
{%- for low in d.unused_load.iter() %}
  logic [3:0] unused_data{{ low }};
  assign unused_data{{ low }} = data_q[{{ low }} +: 4];
{%- endfor %}
{%- endif %}

endmodule
