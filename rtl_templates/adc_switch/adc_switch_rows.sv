{%- if d.splits() -%}
// Keeps the rows of an activation, counts them group by group and splits off those of one access.
{%- else -%}
// Keeps the rows of an activation and counts them, group by group.
{%- endif %}
module adc_switch_rows #(
  parameter  int Rows   = {{ d.rows }},  // word lines, a power of two
  parameter  int Groups = {{ d.groups }},  // counted one a cycle, a power of two, at least 2
  parameter  int Most   = {{ d.most }},  // rows of one access
  localparam int CountW = $clog2(Most + 1)
) (
  input  logic              clk_i,
  input  logic              load_i,      // take a new activation
  input  logic [Rows-1:0]   act_rows_i,
{%- if d.splits() %}
  input  logic              next_i,      // go on with the rows that were not split off
  output logic              more_o,      // there are such rows
{%- endif %}
  output logic              none_o,      // there is no row at all
  output logic              counted_o,   // all rows are counted: the access is known
  output logic [CountW-1:0] n_o,         // rows of the access
  output logic [Rows-1:0]   wl_o         // these rows
);

  localparam int Slice = Rows / Groups;
  localparam int PosW  = $clog2(Groups);

  logic [Rows-1:0]   rows_q;
  logic              none_q, restart;
  logic [PosW-1:0]   pos_q;   // the group being counted; stays at the last one
  logic [CountW-1:0] n_q;     // rows of the groups before
  logic [Slice-1:0]  slice;

  assign none_o    = none_q;
  assign counted_o = pos_q == '1;
  assign slice     = rows_q[Slice*pos_q +: Slice];
{% if d.splits() %}
  // Rows are taken until the access is full. From the first row left over on, more_q is set, and
  // cut_q and part_q keep the group that was taken in part.
  localparam logic [CountW-1:0] Full = {{ d.most }};  // Most

  logic              more_q;
  logic [PosW-1:0]   cut_q, cut;
  logic [Slice-1:0]  taken, part_q, part;
  logic [Groups-1:0] below;  // groups that are taken as a whole
  logic [Groups-1:0] up_to;  // these and the one that is taken in part

  always_comb begin
    n_o = n_q;
    for (int i = 0; i < Slice; i++) begin
      taken[i] = slice[i] && n_o != Full;
      if (taken[i]) n_o = n_o + 1'b1;
    end
  end
  assign more_o = more_q || taken != slice;

  assign cut   = more_q ? cut_q : pos_q;
  assign part  = more_q ? part_q : taken;
  assign below = ~({Groups{1'b1}} << cut);
  assign up_to = {below[Groups-2:0], 1'b1};
  for (genvar i = 0; i < Groups; i++) begin : gen_split
    assign wl_o[Slice*i +: Slice] =
        rows_q[Slice*i +: Slice] & ({Slice{below[i]}} | ({Slice{up_to[i]}} & part));
  end

  assign restart = load_i || next_i;

  always_ff @(posedge clk_i) begin
    if (load_i) rows_q <= act_rows_i;
    else if (next_i) rows_q <= rows_q & ~wl_o;
    if (restart) begin
      more_q <= 1'b0;
    end else if (!counted_o) begin
      more_q <= more_o;
      cut_q  <= cut;
      part_q <= part;
    end
  end
{%- else %}
  function automatic logic [CountW-1:0] count(input logic [Slice-1:0] rows);
    count = '0;
    for (int i = 0; i < Slice; i++) count = count + { {(CountW-1){1'b0}}, rows[i]};
  endfunction

  assign n_o     = n_q + count(slice);
  assign wl_o    = rows_q;
  assign restart = load_i;

  always_ff @(posedge clk_i) begin
    if (load_i) rows_q <= act_rows_i;
  end
{%- endif %}

  always_ff @(posedge clk_i) begin
    if (load_i) none_q <= act_rows_i == '0;
    if (restart) begin
      pos_q <= '0;
      n_q   <= '0;
    end else if (!counted_o) begin
      pos_q <= pos_q + 1'b1;
      n_q   <= n_o;
    end
  end

endmodule
