// Finds out which entry keeps the product of a prefix, or has the oldest free one made anew.
module tt_core_prefix{{ b.k }} #(
  parameter  int Entries = {{ d.entries }},  // a power of two
{%- if d.several() %}
  parameter  int TableW  = {{ d.table_port_w }},  // bits of a table's number
{%- endif %}
  parameter  int DigitsW = {{ b.digits_w }},  // bits of the first {{ b.k + 1 }} digits
  parameter  int RefsW   = {{ b.refs_w }},  // bits of a number of operations that read an entry
  localparam int EntryW  = $clog2(Entries)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               flush_i,        // forget everything at this edge
  // a row or, deeper, an entry to be made
  input  logic               ask_valid_i,
  output logic               ask_ready_o,
{%- if d.several() %}
  input  logic [TableW-1:0]  ask_table_i,
{%- endif %}
  input  logic [DigitsW-1:0] ask_digits_i,
{%- if b.outer %}
  input  logic               ask_bad_i,      // needs no product
{%- endif %}
  // it goes on, to be multiplied with this entry
  output logic               use_valid_o,
  input  logic               use_ready_i,
  output logic [EntryW-1:0]  use_entry_o,
  // at the same time, and only if there is no entry yet: this one is to be made
  output logic               make_valid_o,
  input  logic               make_ready_i,
  output logic               hit_o,
  // entries
  input  logic               done_i,         // the product is there
  input  logic [EntryW-1:0]  done_entry_i,
  input  logic               free_i,         // one operation less will read
  input  logic [EntryW-1:0]  free_entry_i,
{%- if d.several() %}
  input  logic               drop_i,         // a table is loaded anew
  input  logic [TableW-1:0]  drop_table_i,
{%- else %}
  input  logic               drop_i,         // the table is loaded anew
{%- endif %}
  output logic [Entries-1:0] done_o          // of each entry: its product is there
);

  localparam int KeyW = {% if d.several() %}TableW + DigitsW{% else %}DigitsW{% endif %};

  logic [Entries-1:0]        match, idle, chosen;
  logic [Entries*EntryW-1:0] picked;
  logic [EntryW-1:0]         next_q, found;
  logic [KeyW-1:0]           key;
  logic                      hit, can, go, make;

  assign key          = {% if d.several() %}{ask_table_i, ask_digits_i}{% else %}ask_digits_i{% endif %};
{%- if b.outer %}
  assign hit          = match != '0 && !ask_bad_i;
  assign can          = ask_bad_i || hit || (idle[next_q] && make_ready_i);
  assign make         = go && !hit && !ask_bad_i;
  assign make_valid_o = ask_valid_i && !hit && !ask_bad_i && idle[next_q] && use_ready_i;
{%- else %}
  assign hit          = match != '0;
  assign can          = hit || (idle[next_q] && make_ready_i);
  assign make         = go && !hit;
  assign make_valid_o = ask_valid_i && !hit && idle[next_q] && use_ready_i;
{%- endif %}
  assign go           = ask_valid_i && ask_ready_o;
  assign ask_ready_o  = use_ready_i && can;
  assign use_valid_o  = ask_valid_i && can;
  assign use_entry_o  = hit ? found : next_q;
  assign hit_o        = go && hit;

  always_comb begin
    found = '0;
    for (int e = 0; e < Entries; e++) found = found | picked[EntryW*e +: EntryW];
  end

  for (genvar e = 0; e < Entries; e++) begin : gen_entry
    localparam logic [EntryW-1:0] Number = e;
    logic             valid_q, done_q, made, more, less;
    logic [KeyW-1:0]  key_q;
    logic [RefsW-1:0] refs_q;

    assign match[e]  = valid_q && key_q == key;
    assign picked[EntryW*e +: EntryW] = match[e] ? Number : '0;
    assign idle[e]   = refs_q == '0;
    assign chosen[e] = hit ? match[e] : next_q == Number;
    assign made      = make && next_q == Number;
{%- if b.outer %}
    assign more      = go && chosen[e] && !ask_bad_i;
{%- else %}
    assign more      = go && chosen[e];
{%- endif %}
    assign less      = free_i && free_entry_i == Number;
    assign done_o[e] = done_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        valid_q <= 1'b0;
        refs_q  <= '0;
      end else if (flush_i) begin
        valid_q <= 1'b0;
        refs_q  <= '0;
      end else begin
        if (made) valid_q <= 1'b1;
{%- if d.several() %}
        else if (drop_i && key_q[DigitsW +: TableW] == drop_table_i) valid_q <= 1'b0;
{%- else %}
        else if (drop_i) valid_q <= 1'b0;
{%- endif %}
        if (more && !less) refs_q <= refs_q + 1'b1;
        else if (less && !more) refs_q <= refs_q - 1'b1;
      end
    end

    always_ff @(posedge clk_i) begin
      if (made) key_q <= key;
      if (made) done_q <= 1'b0;
      else if (done_i && done_entry_i == Number) done_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) next_q <= '0;
    else if (flush_i) next_q <= '0;
    else if (make) next_q <= next_q + 1'b1;
  end

endmodule
