// Runs one command at a time, keeps the counters and the first error.
module pe_control #(
  parameter  int Slots    = {{ d.slots }},  // words of the slot table
  parameter  int Rows     = {{ d.rows }},  // rows of the query table
  parameter  int QueryW   = {{ d.query_w }},  // bits of a query number
  parameter  int Lanes    = {{ d.lanes }},  // queries of a row
  parameter  int Beats    = {{ d.beats }},  // beats of a slice
  localparam int SlotW    = $clog2(Slots),
  localparam int RowW     = $clog2(Rows),
  localparam int CntW     = QueryW + 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              abort_i,
  input  logic              clear_i,
  output logic              flush_o,         // everything back to the reset state at this edge
  // commands
  input  logic              cmd_valid_i,
  output logic              cmd_ready_o,
  input  logic [2:0]        cmd_op_i,
  input  logic              cmd_retain_i,
  input  logic [CntW-1:0]   cmd_queries_i,
  input  logic [23:0]       cmd_visits_i,
{%- if d.update %}
  input  logic [31:0]       cmd_lr_i,
  output logic [31:0]       lr_o,            // learning rate, binary32
{%- endif %}
  output logic              run_o,
  output logic              start_o,         // a command is taken
  output logic              update_o,
  output logic              retain_o,
  output logic              drop_o,
  output logic [23:0]       visits_o,
  output logic [CntW-1:0]   queries_o,
  // clear of the tables
  output logic              tables_clear_o,
  output logic              slot_we_o,
  output logic [SlotW-1:0]  slot_addr_o,
  output logic              rows_we_o,
  output logic [RowW-2:0]   rows_pair_o,
  // when it is over
  input  logic              rows_idle_i,
  input  logic              lookup_idle_i,
  input  logic              ring_any_i,
  input  logic              none_valid_i,
  input  logic              sweep_i,
  input  logic              op_waits_i,
  input  logic              issue_idle_i,
  // events
  input  logic [Lanes-1:0]  live_up_i,
  input  logic [Lanes-1:0]  live_down_i,
  input  logic [Lanes-1:0]  shares_i,
  input  logic              add_i,
  input  logic              fill_i,
  input  logic              upd_i,
  input  logic              emit_i,
  input  logic [Lanes-1:0]  emit_lanes_i,
  input  logic              stall_vec_i,
  input  logic              stall_out_i,
  input  logic              stall_bank_i,
  input  logic              err_range_i,
  input  logic              err_dup_i,
  input  logic              err_slots_i,
  input  logic              err_grad_rows_i,
  input  logic              err_grad_i,
  input  logic              err_rows_i,
{%- if d.matches %}
  input  logic              err_list_i,
{%- endif %}
  input  logic [3:0]        ctr_sel_i,
  output logic [31:0]       ctr_o,
  output logic [3:0]        err_o,
  output logic              busy_o
);

  localparam logic [1:0] StClear = 2'd0;
  localparam logic [1:0] StIdle  = 2'd1;
  localparam logic [1:0] StRun   = 2'd2;

  localparam logic [2:0] CmdGnr    = 3'd1;
  localparam logic [2:0] CmdUpdate = 3'd2;

  localparam int Counters = 10;
  localparam int Errors   = {% if d.matches %}9{% else %}8{% endif %};
  localparam int ClearW   = (SlotW > RowW - 1) ? SlotW : RowW - 1;

  localparam logic [ClearW-1:0] ClearLast = {ClearW{1'b1}};

  logic [1:0]             state_q, state_d;
  logic [ClearW-1:0]      clear_q;
  logic                   pending_q, pending_d;
  logic                   update_q, retain_q, drop_q;
  logic [CntW-1:0]        queries_q, live_q;
  logic [32*Counters-1:0] ctr_q, ctr_add;
  logic [3:0]             err_q, err_now;
  logic                   illegal, over, unfinished, lost;
  // events of the previous cycle
  logic [Lanes-1:0]       live_up_q, live_down_q, shares_q, emitted_q;
  logic                   run_q, add_q, fill_q, upd_q;
  logic                   stall_vec_q, stall_out_q, stall_bank_q, empty_q;
  logic [Errors:1]        errs_q;

  assign flush_o     = abort_i || clear_i;
  assign busy_o      = state_q != StIdle;
  assign cmd_ready_o = state_q == StIdle;
  assign run_o       = state_q == StRun;
  assign start_o     = cmd_valid_i && cmd_ready_o;
  assign update_o    = update_q;
  assign retain_o    = retain_q;
  assign drop_o      = drop_q;
  assign queries_o   = queries_q;
  assign visits_o    = cmd_visits_i;

{%- if d.update %}
  assign illegal = (cmd_op_i != CmdGnr && cmd_op_i != CmdUpdate) ||
{%- else %}
  assign illegal = cmd_op_i != CmdGnr ||
{%- endif %}
                   cmd_queries_i == '0 ||
                   (cmd_queries_i[QueryW] && cmd_queries_i[QueryW-1:0] != '0);
  assign lost       = start_o && live_q != '0 && (illegal || cmd_op_i == CmdGnr);
  assign over       = run_o && rows_idle_i && lookup_idle_i && !ring_any_i && !none_valid_i &&
                      !sweep_i && issue_idle_i;
  assign unfinished = over && !update_q && !retain_q && live_q != '0;

  always_comb begin
    state_d   = state_q;
    pending_d = pending_q;
    case (state_q)
      StClear: if (clear_q == ClearLast) begin
        state_d   = pending_q ? StRun : StIdle;
        pending_d = 1'b0;
      end
      StIdle: if (start_o) begin
        state_d   = lost ? StClear : StRun;
        pending_d = lost;
      end
      default: if (over) state_d = unfinished ? StClear : StIdle;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q   <= StClear;
      clear_q   <= '0;
      pending_q <= 1'b0;
      live_q    <= '0;
    end else if (flush_o) begin
      state_q   <= StClear;
      clear_q   <= '0;
      pending_q <= 1'b0;
      live_q    <= '0;
    end else begin
      state_q   <= state_d;
      clear_q   <= (state_q == StClear) ? clear_q + 1'b1 : '0;
      pending_q <= pending_d;
      live_q    <= (state_q == StClear) ? '0 : live_q + count(live_up_q) - count(live_down_q);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      update_q  <= 1'b0;
      retain_q  <= 1'b0;
      drop_q    <= 1'b0;
      queries_q <= '0;
    end else if (flush_o) begin
      update_q  <= 1'b0;
      retain_q  <= 1'b0;
      drop_q    <= 1'b0;
      queries_q <= '0;
    end else if (start_o) begin
      update_q  <= !illegal && cmd_op_i == CmdUpdate;
      retain_q  <= !illegal && cmd_retain_i;
      drop_q    <= illegal;
      queries_q <= cmd_queries_i;
    end
  end

{%- if d.update %}
  always_ff @(posedge clk_i) begin
    if (start_o) lr_o <= cmd_lr_i;
  end
{%- endif %}

  // One slot word and one pair of rows a cycle, until the longer table is done.
  assign tables_clear_o = state_q == StClear;
{%- if slots_longer %}
  assign slot_we_o      = 1'b1;
{%- else %}
  assign slot_we_o      = clear_q[ClearW-1:SlotW] == '0;
{%- endif %}
  assign slot_addr_o    = clear_q[SlotW-1:0];
{%- if rows_longer %}
  assign rows_we_o      = 1'b1;
{%- else %}
  assign rows_we_o      = clear_q[ClearW-1:RowW-1] == '0;
{%- endif %}
  assign rows_pair_o    = clear_q[RowW-2:0];

  // Events are noted, and counted in the next cycle. Of several errors in one cycle the smallest
  // code counts.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {live_up_q, live_down_q, shares_q, emitted_q}                                    <= '0;
      {run_q, add_q, fill_q, upd_q, stall_vec_q, stall_out_q, stall_bank_q, empty_q} <= '0;
      errs_q                                                                           <= '0;
    end else if (flush_o) begin
      {live_up_q, live_down_q, shares_q, emitted_q}                                    <= '0;
      {run_q, add_q, fill_q, upd_q, stall_vec_q, stall_out_q, stall_bank_q, empty_q} <= '0;
      errs_q                                                                           <= '0;
    end else begin
      live_up_q    <= live_up_i;
      live_down_q  <= live_down_i;
      shares_q     <= shares_i;
      emitted_q    <= (emit_i && !update_q) ? emit_lanes_i : '0;
      run_q        <= run_o;
      add_q        <= add_i;
      fill_q       <= fill_i;
      upd_q        <= upd_i;
      stall_vec_q  <= run_o && stall_vec_i;
      stall_out_q  <= run_o && stall_out_i;
      stall_bank_q <= run_o && stall_bank_i;
      empty_q      <= run_o && !op_waits_i;
      errs_q[8:1]  <= {unfinished, err_rows_i, err_grad_i || err_grad_rows_i, err_slots_i,
                       err_dup_i, err_range_i, lost, start_o && illegal};
{%- if d.matches %}
      errs_q[9]    <= err_list_i;
{%- endif %}
    end
  end

  always_comb begin
    err_now = '0;
    for (int i = Errors; i >= 1; i--) if (errs_q[i]) err_now = 4'(i);
  end

  function automatic logic [CntW-1:0] count(input logic [Lanes-1:0] lanes);
    count = '0;
    for (int i = 0; i < Lanes; i++) count = count + { {(CntW-1){1'b0}}, lanes[i]};
  endfunction

  // Counters, in the order of the documentation.
  always_comb begin
    ctr_add = '0;
    if (run_q) ctr_add[32*0 +: 32] = 32'd1;
    if (add_q) ctr_add[32*1 +: 32] = Beats;
    if (fill_q) ctr_add[32*2 +: 32] = 32'd1;
    ctr_add[32*3 +: CntW] = count(shares_q);
    ctr_add[32*4 +: CntW] = count(emitted_q);
    if (upd_q) ctr_add[32*5 +: 32] = 32'd1;
    if (stall_vec_q) ctr_add[32*6 +: 32] = 32'd1;
    if (stall_out_q) ctr_add[32*7 +: 32] = 32'd1;
    if (stall_bank_q) ctr_add[32*8 +: 32] = 32'd1;
    if (empty_q) ctr_add[32*9 +: 32] = 32'd1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ctr_q <= '0;
      err_q <= '0;
    end else if (clear_i) begin
      ctr_q <= '0;
      err_q <= '0;
    end else if (!abort_i) begin
      for (int i = 0; i < Counters; i++) begin
        ctr_q[32*i +: 32] <= ctr_q[32*i +: 32] + ctr_add[32*i +: 32];
      end
      if (err_q == '0) err_q <= err_now;
    end
  end

  always_comb begin
    ctr_o = '0;
    for (int i = 0; i < Counters; i++) if ({28'd0, ctr_sel_i} == i) ctr_o = ctr_q[32*i +: 32];
  end
  assign err_o = err_q;

endmodule
