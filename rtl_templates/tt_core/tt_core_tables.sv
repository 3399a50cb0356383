// Knows which tables can be used, how many rows they have, and how many rows in flight need them.
module tt_core_tables #(
  parameter int Tables  = {{ d.tables }},  // resident tables, a power of two
  parameter int TableW  = {{ d.table_port_w }},  // bits of a table's number on ports
  parameter int IdW     = {{ d.id_w }},  // bits of a row id
  parameter int RowsW   = {{ d.rows_w }},  // bits of a number of rows
  parameter int FlightW = {{ d.flight_w }}  // bits of a number of rows in flight
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               flush_i,           // no row is in flight any more, nothing else counts
  // loads
  input  logic               revoke_i,          // a table can't be used from now on
  input  logic [TableW-1:0]  revoke_table_i,
  input  logic [TableW-1:0]  held_table_i,
  output logic               idle_o,            // no row in flight needs the table above
  input  logic               start_i,           // that table gets what a start beat says
  input  logic [RowsW-1:0]   start_rows_i,
{%- if !d.float %}
{%- for s in d.middle() %}
  input  logic [19:0]        scale{{ s.k }}_i,          // shift and multiplier of stage {{ s.k }}
{%- endfor %}
{%- endif %}
  input  logic               grant_i,           // a table can be used from now on
{%- if d.several() %}
  input  logic [TableW-1:0]  grant_table_i,
{%- endif %}
  output logic [Tables-1:0]  tables_o,
{%- for s in d.middle() %}
{%- if !d.float %}
  // requantisation of the products of stage {{ s.k }}, all tables side by side
  output logic [Tables*16-1:0] mult{{ s.k }}_o,
  output logic [Tables*4-1:0] shift{{ s.k }}_o,
{%- endif %}
{%- endfor %}
  // rows
  input  logic [TableW-1:0]  row_table_i,
  input  logic [IdW-1:0]     row_id_i,
  output logic               bad_o,             // the table has no such row
  input  logic               taken_i,           // the row is taken
  input  logic               ended_i,           // a row that is not bad does not need its table now
{%- if d.several() %}
  input  logic [TableW-1:0]  ended_table_i,
{%- endif %}
  // events
  output logic               err_not_loaded_o,
  output logic               err_row_range_o
);

  logic [Tables-1:0]       asked, held, usable_q, in_use;
  logic [Tables*RowsW-1:0] picked;
  logic [RowsW-1:0]        rows;
  logic                    loaded, in_range;

  for (genvar t = 0; t < Tables; t++) begin : gen_table
    logic               start, revoked, granted, enters, ends;
    logic [RowsW-1:0]   rows_q;
    logic [FlightW-1:0] flight_q;

    assign asked[t]  = row_table_i == t;
    assign held[t]   = held_table_i == t;
    assign start     = start_i && held[t] && !flush_i;
    assign revoked   = revoke_i && revoke_table_i == t && !flush_i;
{%- if d.several() %}
    assign granted   = grant_i && grant_table_i == t && !flush_i;
{%- else %}
    assign granted   = grant_i && !flush_i;
{%- endif %}
    assign enters    = taken_i && asked[t] && !bad_o;
{%- if d.several() %}
    assign ends      = ended_i && ended_table_i == t;
{%- else %}
    assign ends      = ended_i;
{%- endif %}
    assign in_use[t] = flight_q != '0;
    assign picked[RowsW*t +: RowsW] = asked[t] ? rows_q : '0;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) flight_q <= '0;
      else if (flush_i) flight_q <= '0;
      else if (enters && !ends) flight_q <= flight_q + 1'b1;
      else if (ends && !enters) flight_q <= flight_q - 1'b1;
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) usable_q[t] <= 1'b0;
      else if (revoked) usable_q[t] <= 1'b0;
      else if (granted) usable_q[t] <= 1'b1;
    end

    always_ff @(posedge clk_i) begin
      if (start) rows_q <= start_rows_i;
    end
{%- if !d.float %}
{%- for s in d.middle() %}

    logic [15:0] mult{{ s.k }}_q;
    logic [3:0]  shift{{ s.k }}_q;
    assign mult{{ s.k }}_o[16*t +: 16] = mult{{ s.k }}_q;
    assign shift{{ s.k }}_o[4*t +: 4]  = shift{{ s.k }}_q;
    always_ff @(posedge clk_i) begin
      if (start) {shift{{ s.k }}_q, mult{{ s.k }}_q} <= scale{{ s.k }}_i;
    end
{%- endfor %}
{%- endif %}
  end

  always_comb begin
    rows = '0;
    for (int t = 0; t < Tables; t++) rows = rows | picked[RowsW*t +: RowsW];
  end

  assign idle_o   = (held & in_use) == '0;
  assign tables_o = usable_q;
  assign loaded   = (asked & usable_q) != '0;
{%- if d.rows_w > d.id_w %}
  assign in_range = {1'b0, row_id_i} < rows;
{%- else %}
  assign in_range = row_id_i < rows;
{%- endif %}
  assign bad_o    = !loaded || !in_range;

  assign err_not_loaded_o = taken_i && !loaded;
  assign err_row_range_o  = taken_i && loaded && !in_range;

endmodule
