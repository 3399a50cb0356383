// Reads one row of the query table per request beat and writes it back when its look-ups are done.
// Stage A reads, stage B holds up to two rows until the look-up stage takes them, stage D writes.
// The table is two single-ported banks by the row's lowest bit; a read gives way to a write in its
// bank.
module pe_rows #(
  parameter  int Lanes = {{ d.lanes }},  // queries of a row
  parameter  int Rows  = {{ d.rows }},  // rows, a power of two, at least 4
  parameter  int SlotW = {{ d.slot_w }},  // bits of a slot number
  localparam int RowW  = $clog2(Rows),
  localparam int LaneW = $clog2(Lanes),
  localparam int CntW  = RowW + LaneW + 1,
  localparam int WordsW = Lanes * (SlotW + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,       // back to the reset state at this edge
  // clear: zero two rows a cycle
  input  logic              clear_i,
  input  logic              clear_we_i,    // the rows exist
  input  logic [RowW-2:0]   clear_pair_i,
  // command
  input  logic              start_i,
  input  logic [23:0]       visits_i,
  input  logic              run_i,
  input  logic              update_i,
  input  logic              drop_i,
  input  logic [CntW-1:0]   queries_i,     // query numbers in use
  output logic              idle_o,
  // request beats
  input  logic              req_valid_i,
  output logic              req_ready_o,
  input  logic [RowW-1:0]   req_row_i,
  input  logic [Lanes-1:0]  req_mask_i,
  input  logic [Lanes-1:0]  req_last_i,
  input  logic              req_end_i,
  // to the look-up stage
  output logic              row_valid_o,
  input  logic              row_ready_i,
  output logic [RowW-1:0]   row_num_o,
  output logic [Lanes-1:0]  row_pend_o,    // lanes to serve
  output logic [Lanes-1:0]  row_last_o,
  output logic              row_end_o,
  output logic [WordsW-1:0] row_words_o,
  // from the look-up stage
  input  logic              busy_i,
  input  logic [RowW-1:0]   busy_row_i,
  input  logic              back_valid_i,  // write back in the next cycle
  input  logic [WordsW-1:0] back_words_i,
  output logic              err_range_o,
  output logic              err_grad_o,
  output logic              err_rows_o
);

  logic [23:0]       visits_q;
  logic              take, move, b_bank_q;
  logic [1:0]        b_cnt_q;              // rows in stage B
  logic              b_fresh_q;            // the youngest row's words arrive in this cycle
  logic [RowW-1:0]   b_row_q, b_row2_q;    // oldest, second
  logic [Lanes-1:0]  b_mask_q, b_mask2_q, b_last_q, b_last2_q;
  logic              b_end_q, b_end2_q;
  logic [WordsW-1:0] b_hold_q, b_hold2_q, b_words, b_words2, fresh, rdata0, rdata1;
  logic              d_valid_q;
  logic [RowW-1:0]   d_row_q;
  logic [WordsW-1:0] d_words_q;
  logic [Lanes-1:0]  in_range, asked, first;

  // Stage A.
  assign take = req_valid_i && run_i && visits_q != '0 && !b_cnt_q[1] &&
                !(b_cnt_q != '0 && b_row_q == req_row_i) &&
                !(busy_i && busy_row_i == req_row_i) &&
                !(d_valid_q && d_row_q[0] == req_row_i[0]);
  assign req_ready_o = take;

  for (genvar k = 0; k < 2; k++) begin : gen_bank
    logic              req, we, write, read;
    logic [RowW-2:0]   addr;
    logic [WordsW-1:0] wdata;
    assign write = d_valid_q && d_row_q[0] == k;
    assign read  = take && req_row_i[0] == k;
    assign req   = clear_i ? clear_we_i : (write || read);
    assign we    = clear_i || write;
    assign addr  = clear_i ? clear_pair_i :
                   write ? d_row_q[RowW-1:1] : req_row_i[RowW-1:1];
    assign wdata = clear_i ? '0 : d_words_q;
  end

  {{ sram }} u_bank0 (
    .clk_i  (clk_i),
    .req_i  (gen_bank[0].req),
    .we_i   (gen_bank[0].we),
    .addr_i (gen_bank[0].addr),
    .wdata_i(gen_bank[0].wdata),
    .rdata_o(rdata0)
  );

  {{ sram }} u_bank1 (
    .clk_i  (clk_i),
    .req_i  (gen_bank[1].req),
    .we_i   (gen_bank[1].we),
    .addr_i (gen_bank[1].addr),
    .wdata_i(gen_bank[1].wdata),
    .rdata_o(rdata1)
  );

  // Stage B.
  assign move        = b_cnt_q != '0 && row_ready_i;
  assign fresh       = b_bank_q ? rdata1 : rdata0;
  assign b_words     = (b_fresh_q && !b_cnt_q[1]) ? fresh : b_hold_q;
  assign b_words2    = b_fresh_q ? fresh : b_hold2_q;
  assign row_valid_o = b_cnt_q != '0;
  assign row_num_o   = b_row_q;
  assign row_last_o  = b_last_q;
  assign row_end_o   = b_end_q;
  assign row_words_o = b_words;

  // Which lanes may ask: query numbers in use, and only one row an update beat.
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    localparam logic [LaneW:0] Lane = i;
    logic [CntW-1:0] query;
    assign query       = ({ {(LaneW+1){1'b0}}, b_row_q} << LaneW) | { {RowW{1'b0}}, Lane};
    assign in_range[i] = query < queries_i;
  end
  assign asked       = drop_i ? '0 : b_mask_q & in_range;
  assign first       = asked & (~asked + 1'b1);
  assign row_pend_o  = update_i ? first : asked;
  assign err_range_o = move && !drop_i && (b_mask_q & ~in_range) != '0;
  assign err_rows_o  = move && update_i && asked != first;
  assign err_grad_o  = move && update_i && !drop_i && asked == '0;

  assign idle_o = visits_q == '0 && b_cnt_q == '0 && !d_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      visits_q  <= '0;
      b_cnt_q   <= '0;
      b_fresh_q <= 1'b0;
      d_valid_q <= 1'b0;
    end else if (flush_i) begin
      visits_q  <= '0;
      b_cnt_q   <= '0;
      b_fresh_q <= 1'b0;
      d_valid_q <= 1'b0;
    end else begin
      if (start_i) visits_q <= visits_i;
      else if (take && (req_end_i || update_i)) visits_q <= visits_q - 1'b1;
      b_cnt_q   <= b_cnt_q + {1'b0, take} - {1'b0, move};
      b_fresh_q <= take;
      d_valid_q <= back_valid_i;
    end
  end

  always_ff @(posedge clk_i) begin
    b_bank_q  <= req_row_i[0];
    b_hold_q  <= move ? b_words2 : b_words;
    b_hold2_q <= b_words2;
    if (move) begin
      b_row_q  <= b_row2_q;
      b_mask_q <= b_mask2_q;
      b_last_q <= b_last2_q;
      b_end_q  <= b_end2_q;
    end
    // A new row is the oldest if it is alone.
    if (take && b_cnt_q == {1'b0, move}) begin
      b_row_q  <= req_row_i;
      b_mask_q <= req_mask_i;
      b_last_q <= req_last_i;
      b_end_q  <= req_end_i;
    end
    if (take) begin
      b_row2_q  <= req_row_i;
      b_mask2_q <= req_mask_i;
      b_last2_q <= req_last_i;
      b_end2_q  <= req_end_i;
    end
    if (back_valid_i) begin
      d_row_q   <= busy_row_i;
      d_words_q <= back_words_i;
    end
  end

endmodule
