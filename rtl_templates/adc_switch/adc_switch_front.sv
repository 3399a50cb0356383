// Takes activations and hands their accesses to the array, refusing what would make a sum wrong.
// After an error it is halted: what is in flight goes on, what is offered is taken and dropped.
module adc_switch_front #(
  parameter int CountW = {{ d.count_w }},  // bits of a number of rows of one access
  parameter int TotalW = {{ d.total_w }}  // a query has at most 2**TotalW rows
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,          // back to the reset state at this edge
  // activations; other modules keep rows and tags
  input  logic              act_valid_i,
  output logic              act_ready_o,
  input  logic              act_last_i,
  // tags
  input  logic              full_i,           // no room for one more query
  input  logic              known_i,          // a query in flight has the tag offered
  input  logic              newest_i,         // the newest query has it
  output logic              push_o,           // a query is opened
  // rows
  output logic              load_o,           // an activation is accepted
{%- if d.splits() %}
  output logic              next_o,           // its next access is to be split off
  input  logic              more_i,           // there are rows for another access
{%- endif %}
  input  logic              none_i,
  input  logic              counted_i,
  input  logic [CountW-1:0] n_i,
  // operations: accesses, and closes of queries whose last activation is empty
  output logic              op_valid_o,
  input  logic              op_ready_i,
  output logic              op_close_o,
  output logic              op_first_o,       // no access of this query has left before
  output logic              op_emit_o,        // last access of its query
  // events
  output logic              skip_o,
  output logic              read_o,
  output logic              mac_o,
  output logic              err_changed_o,
  output logic              err_in_flight_o,
  output logic              err_overflow_o
);

  logic            valid_q, last_q;    // an activation is here; it is the last one of its query
  logic            open_q;             // the newest query goes on
  logic            fresh_q;            // no access of the newest query has left
  logic            halt_q;
  logic [TotalW:0] left_q, left;       // rows that the newest query may still have
  logic            go, pop, too_many, over, more, split_before, launch, heard;
{% if d.splits() %}
  logic more_q;  // an access of this activation has left

  assign more         = more_i;
  assign split_before = more_q;
  assign next_o       = launch && more;

  always_ff @(posedge clk_i) begin
    if (load_o) more_q <= 1'b0;
    else if (next_o) more_q <= 1'b1;
  end
{%- else %}
  // No activation has too many rows for one access.
  assign more         = 1'b0;
  assign split_before = 1'b0;
{%- endif %}

  assign {too_many, left} = {1'b0, left_q} - { {(TotalW+2-CountW){1'b0}}, n_i};

  assign go         = valid_q && (none_i ? (!last_q || op_ready_i) : (counted_i && op_ready_i));
  assign pop        = go && !more;
  assign over       = go && !none_i && too_many;
  assign launch     = go && !none_i && !too_many;
  assign op_valid_o = valid_q && (none_i ? last_q : (counted_i && !too_many));
  assign op_close_o = none_i;
  assign op_first_o = fresh_q;
  assign op_emit_o  = last_q && !more;

  // An activation is heard unless there was or is an error; then its tag decides.
  assign act_ready_o     = halt_q || ((!valid_q || pop) && (open_q || !full_i));
  assign heard           = act_valid_i && act_ready_o && !halt_q && !over;
  assign load_o          = heard && (open_q ? newest_i : !known_i);
  assign push_o          = load_o && !open_q;
  assign err_changed_o   = heard && open_q && !newest_i;
  assign err_in_flight_o = heard && !open_q && known_i;
  assign err_overflow_o  = over;

  assign skip_o = pop && none_i;
  assign read_o = launch && !more && n_i == 1 && !split_before;
  assign mac_o  = launch && !more && !read_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      open_q  <= 1'b0;
      halt_q  <= 1'b0;
    end else if (flush_i) begin
      valid_q <= 1'b0;
      open_q  <= 1'b0;
      halt_q  <= 1'b0;
    end else begin
      if (load_o) valid_q <= 1'b1;
      else if (pop || over) valid_q <= 1'b0;
      if (load_o) open_q <= !act_last_i;
      if (err_changed_o || err_in_flight_o || err_overflow_o) halt_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load_o) last_q <= act_last_i;
    if (push_o) begin
      fresh_q <= 1'b1;
      left_q  <= {1'b1, {TotalW{1'b0}}};
    end else if (launch) begin
      fresh_q <= 1'b0;
      left_q  <= left;
    end
  end

endmodule
