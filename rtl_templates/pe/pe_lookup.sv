// Turns each look-up into at most one operation: queries with the same partial sum share it.
// Serves one row of the query table at a time. A lane whose sum moves in this visit already finds
// its group in the group registers (matched while the row waits); the first lane that misses asks
// the slot table and makes the group.
module pe_lookup #(
  parameter  int Lanes   = {{ d.lanes }},  // queries of a row
  parameter  int Rows    = {{ d.rows }},  // rows of the query table
  parameter  int Entries = {{ d.entries }},  // group registers
  parameter  int SlotW   = {{ d.slot_w }},  // bits of a slot number
  parameter  int TagW    = {{ d.tag_w }},  // bits of a visit tag
  localparam int RowW    = $clog2(Rows),
  localparam int CntW    = RowW + $clog2(Lanes) + 1,
  localparam int WordW   = SlotW + 1,
  localparam int OpW     = 3 + 2 * SlotW + 1 + RowW + Lanes
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,         // back to the reset state at this edge
  input  logic                     update_i,        // mode is UPDATE
  input  logic                     retain_i,        // finished sums stay
  output logic                     idle_o,
  // rows
  input  logic                     row_valid_i,
  output logic                     row_ready_o,
  input  logic [RowW-1:0]          row_num_i,
  input  logic [Lanes-1:0]         row_pend_i,
  input  logic [Lanes-1:0]         row_last_i,
  input  logic                     row_end_i,
  input  logic [Lanes*WordW-1:0]   row_words_i,     // {slot, has one} of each lane
  output logic                     busy_o,
  output logic [RowW-1:0]          busy_row_o,
  output logic                     back_valid_o,    // a changed row is done
  output logic [Lanes*WordW-1:0]   back_words_o,
  // operations {kind, p, d, wr, row, emit}
  output logic                     op_valid_o,
  input  logic                     op_ready_i,
  output logic [OpW-1:0]           op_data_o,
  // slot table; a read is answered in the next cycle
  output logic                     tab_req_o,
  output logic                     tab_we_o,
  output logic [SlotW-1:0]         tab_addr_o,
  output logic [CntW-1:0]          tab_wref_o,
  input  logic [CntW-1:0]          tab_ref_i,
  input  logic [TagW-1:0]          tab_tag_i,
  input  logic                     tab_z_i,
  input  logic [SlotW-1:0]         tab_d_i,
  output logic                     evict_o,
  input  logic                     evicted_i,
  input  logic                     half_i,          // a register is written back by half
  input  logic                     none_pending_i,
  output logic                     visit_end_o,
  input  logic [TagW-1:0]          cur_tag_i,
  input  logic                     sweep_i,
  input  logic                     free_valid_i,
  input  logic [SlotW-1:0]         free_slot_i,
  output logic                     free_pop_o,
  input  logic                     exhausted_i,
  // group registers
  output logic [Lanes*WordW-1:0]   word_o,          // match these
  input  logic [Lanes-1:0]         hit_none_i,
  input  logic [Lanes*Entries-1:0] hit_ring_i,
  input  logic [Lanes-1:0]         dup_i,
  output logic [Lanes-1:0]         take_none_o,     // lanes served by each register
  output logic [Lanes*Entries-1:0] take_ring_o,
  output logic [Lanes-1:0]         take_fin_o,      // those of them whose query finishes
  output logic                     ins_ring_o,
  output logic                     ins_none_o,
  output logic                     ins_poison_o,
  output logic [SlotW-1:0]         ins_p_o,
  output logic [SlotW-1:0]         ins_d_o,
  output logic [CntW-1:0]          ins_refp_o,
  output logic [CntW-1:0]          ins_cnt_o,
  input  logic [Entries*SlotW-1:0] ring_d_i,
  input  logic [Entries-1:0]       ring_poison_i,
  input  logic                     ring_full_i,
  input  logic                     ring_tight_i,
  input  logic                     ring_any_i,
  input  logic                     none_valid_i,
  input  logic                     none_poison_i,
  input  logic [SlotW-1:0]         none_d_i,
  output logic [SlotW-1:0]         probe_o,
  input  logic                     probe_busy_i,
  // bookkeeping
  output logic [Lanes-1:0]         live_up_o,       // lanes whose query got a slot
  output logic [Lanes-1:0]         live_down_o,     // lanes whose query gave its slot up
  output logic [Lanes-1:0]         shares_o,        // look-ups served without an own operation
  output logic                     err_dup_o,
  output logic                     err_slots_o,
  output logic                     err_grad_o
);

  // Words of the query table: bit 0 tells whether a slot follows; if not, bit 1 tells poison.
  localparam logic [WordW-1:0] Nothing = {WordW{1'b0}};
  localparam logic [WordW-1:0] Poison  = { {(WordW-2){1'b0}}, 2'b10};

  localparam logic [2:0] OpEnd  = 3'd0;
  localparam logic [2:0] OpPass = 3'd1;
  localparam logic [2:0] OpAdd  = 3'd2;
  localparam logic [2:0] OpRd   = 3'd3;
  localparam logic [2:0] OpUpd  = 3'd4;

  localparam logic [2:0] Cmp   = 3'd0;  // serve the lanes that hit a group register
  localparam logic [2:0] Ask   = 3'd1;  // the slot word is on its way
  localparam logic [2:0] Make  = 3'd2;  // decide with the slot word
  localparam logic [2:0] Ask2  = 3'd3;  // the word of the slot moved to is on its way
  localparam logic [2:0] Back  = 3'd4;  // put the evicted register back
  localparam logic [2:0] Evict = 3'd5;  // wait until a register was written back
  localparam logic [2:0] Match = 3'd6;  // match the group registers anew
  localparam logic [2:0] Fin   = 3'd7;  // read a sum for the lanes that finish with it

  logic                   update_q;             // a copy that nobody else loads
  logic                   valid_q, end_q, changed_q, end_pend_q;
  logic [2:0]             state_q, state_d;
  logic [RowW-1:0]        row_q;
  logic [Lanes-1:0]       pend_q, pend_d, fin_q;   // lanes to serve; lanes that finish
  logic [Lanes*WordW-1:0] words_q, words_d;
  logic [Lanes-1:0]       hit_none_d, hit_none_q, dup_d, dup_q, ask_d, ask_q, group_q;
  logic [Lanes*Entries-1:0] hit_ring_d, hit_ring_q;
  logic                   keep;
  logic [WordW-1:0]       miss_q;               // table word of the lanes being served
  logic [CntW-1:0]        s_ref_q, r_ref_q;     // slot word asked for
  logic                   s_z_q;
  logic [SlotW-1:0]       s_d_q;
  logic [CntW-1:0]        k, n, k_q, n_q;       // lanes of the group, and those that go on
  logic                   mapped_q, made_q;     // the sum moves already; it was made in this visit
  logic                   all_q;                // all holders of the sum are here

  logic                   act, in_cmp, in_fin, in_make, last_row, done, end_push, push_ok, end_ok;
  logic                   load;
  logic [Lanes-1:0]       none, slot, poison, hit;
  logic [Lanes-1:0]       reg_poison;           // the hit register is poison
  logic [Lanes*SlotW-1:0] reg_d;                // its destination
  logic [Lanes-1:0]       sel, move_on, finish, bad, resolved, miss, below, first, alike;
  logic [Lanes-1:0]       fin_hit, sel_q;
  logic [SlotW-1:0]       sel_d, sel_d_q, miss_slot, made_slot;
  logic [WordW-1:0]       miss_word;
  logic                   sel_none_q, sel_poison_q, read_push, hazard, changes;

  logic                   twice, drop, end_late;
  logic                   of_none, pass_through, make_none, mapped, stale, all_here, splits;
  logic                   want_slot, got_slot, no_slot, complete, back_go, to_evict;

  function automatic logic [CntW-1:0] count(input logic [Lanes-1:0] lanes);
    count = '0;
    for (int i = 0; i < Lanes; i++) count = count + { {(CntW-1){1'b0}}, lanes[i]};
  endfunction

  assign act      = valid_q && !sweep_i;
  assign in_cmp   = act && state_q == Cmp;
  assign in_fin   = act && state_q == Fin;
  assign in_make  = act && state_q == Make;
  assign last_row = end_q || update_q;
  assign end_push = end_pend_q && op_ready_i;
  assign push_ok  = op_ready_i && !end_pend_q;
  assign end_ok   = !last_row || !end_pend_q || end_push;

  // ---- Cmp: lanes by their table word, and the registers they hit.
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic               marked;     // without a slot: poison
    logic [Entries-1:0] ring;
    logic [SlotW-1:0]   d;
    logic               of_none_reg;
    assign {marked, slot[i]} = words_q[WordW*i +: 2];
    assign none[i]       = !slot[i] && !marked;
    assign poison[i]     = !slot[i] && marked;
    assign ring          = hit_ring_q[Entries*i +: Entries];
    assign of_none_reg   = hit_none_q[i];
    assign hit[i]        = !dup_q[i] && (of_none_reg || ring != '0);
    assign reg_poison[i] = (of_none_reg && none_poison_i) || (ring & ring_poison_i) != '0;
    always_comb begin
      d = of_none_reg ? none_d_i : '0;
      for (int e = 0; e < Entries; e++) if (ring[e]) d = d | ring_d_i[SlotW*e +: SlotW];
    end
    assign reg_d[SlotW*i +: SlotW] = d;
  end

  // Nothing hits in an update, or a register of a visit that ends. Lanes that hit nothing and have
  // or want a slot will ask for a group of their own.
  assign keep       = !visit_end_o && !update_q;
  assign hit_none_d = keep ? hit_none_i : '0;
  assign hit_ring_d = keep ? hit_ring_i : '0;
  assign dup_d      = keep ? dup_i : '0;
  for (genvar i = 0; i < Lanes; i++) begin : gen_ask
    assign ask_d[i] = !hit_none_d[i] && hit_ring_d[Entries*i +: Entries] == '0 && !dup_d[i] &&
                      (word_o[WordW*i] || (!word_o[WordW*i+1] && !update_q));
  end

  assign bad     = update_q ? pend_q & ~slot : '0;
  assign move_on = pend_q & hit & ~fin_q;

  // Of the registers hit by finishing lanes one is served at a time: none first, then the ring.
  assign fin_hit = pend_q & hit & fin_q;
  always_comb begin
    sel = '0;
    for (int e = Entries - 1; e >= 0; e--) begin
      for (int i = 0; i < Lanes; i++) begin
        if (fin_hit[i] && hit_ring_q[Entries*i+e]) begin
          for (int j = 0; j < Lanes; j++) sel[j] = hit_ring_q[Entries*j+e];
        end
      end
    end
    if ((fin_hit & hit_none_q) != '0) sel = hit_none_q;
    sel   = sel & fin_hit;
    sel_d = '0;
    for (int i = 0; i < Lanes; i++) if (sel[i]) sel_d = sel_d | reg_d[SlotW*i +: SlotW];
  end
  assign finish    = (in_fin && (sel_poison_q || push_ok)) ? sel_q : '0;
  assign read_push = finish != '0 && !sel_poison_q;
  assign resolved  = move_on | bad | (pend_q & dup_q) | (update_q ? '0 : pend_q & poison);

  assign miss = pend_q & ask_q;
  always_comb begin
    below = miss << 1;
    for (int j = 0; j < $clog2(Lanes); j++) below = below | (below << (1 << j));
    first     = miss & ~below;
    miss_word = '0;
    for (int i = 0; i < Lanes; i++) begin
      if (first[i]) miss_word = miss_word | words_q[WordW*i +: WordW];
    end
  end
  assign miss_slot = miss_word[WordW-1:1];
  assign hazard    = miss_word[0] && probe_busy_i;

  // The group: the lanes with the same table word as the first that missed.
  for (genvar i = 0; i < Lanes; i++) begin : gen_group
    assign alike[i] = miss[i] && words_q[WordW*i +: WordW] == miss_word;
  end

  // ---- Ask: the slot word arrives; is the whole sum here, does it move already?
  assign k = count(group_q);
  assign n = count(group_q & ~fin_q);

  // ---- Make.
  assign made_slot    = miss_q[WordW-1:1];
  assign of_none      = !miss_q[0];
  assign pass_through = !update_q && of_none && n_q == '0 && end_q;
  assign make_none    = !update_q && of_none && !pass_through;
  assign twice        = in_make && !update_q && !of_none && mapped_q && made_q;
  assign mapped       = !update_q && !of_none && mapped_q && !made_q;
  assign stale        = !update_q && !of_none && !mapped_q && s_z_q;
  assign all_here     = !update_q && !of_none && !mapped_q && !s_z_q && all_q;
  assign splits       = !update_q && !of_none && !mapped_q && !s_z_q && !all_q;
  assign want_slot    = in_make && ((make_none && !none_valid_i) || (splits && !ring_full_i));
  assign got_slot     = want_slot && push_ok && free_valid_i;
  assign no_slot      = want_slot && !free_valid_i && !ring_any_i && !none_pending_i &&
                        exhausted_i && !end_late;
  assign end_late     = last_row && end_pend_q && (pend_q & ~group_q) == '0;
  assign drop         = twice && !end_late && !half_i;
  assign back_go      = in_make && mapped && !probe_busy_i && !ring_full_i && !half_i;
  assign to_evict     = (in_make && mapped && probe_busy_i) ||
                        (want_slot && !free_valid_i && ring_any_i);
  assign complete     = got_slot || no_slot || drop ||
                        (in_make && push_ok && !half_i && (update_q || pass_through || all_here));

  // ---- Row.
  always_comb begin
    words_d = words_q;
    for (int i = 0; i < Lanes; i++) begin
      if (in_cmp) begin
        if (bad[i] || (pend_q[i] && poison[i] && fin_q[i])) begin
          words_d[WordW*i +: WordW] = Nothing;
        end else if (move_on[i]) begin
          words_d[WordW*i +: WordW] =
              reg_poison[i] ? Poison : {reg_d[SlotW*i +: SlotW], 1'b1};
        end
      end else if (finish[i]) begin
        words_d[WordW*i +: WordW] = Nothing;
      end else if (complete && !drop && group_q[i]) begin
        if (fin_q[i] || update_q) words_d[WordW*i +: WordW] = Nothing;
        else if (got_slot) words_d[WordW*i +: WordW] = {free_slot_i, 1'b1};
        else if (no_slot) words_d[WordW*i +: WordW] = Poison;
      end
    end
  end

  // Does a word of the row change?
  always_comb begin
    changes = 1'b0;
    if (in_cmp) begin
      changes = move_on != '0 || (pend_q & poison & (fin_q | bad)) != '0;
    end else if (in_fin) begin
      changes = (finish & slot) != '0;
    end else if (complete && !drop) begin
      changes = update_q || (n_q != '0 && !all_here) || (n_q != k_q && !of_none);
    end
  end

  assign pend_d       = in_cmp ? pend_q & ~resolved : in_fin ? pend_q & ~finish :
                        complete ? pend_q & ~group_q : pend_q;
  assign done         = (in_cmp || read_push || (in_fin && sel_poison_q) || complete) &&
                        pend_d == '0 && end_ok;
  assign row_ready_o  = !valid_q || done;
  assign load         = row_valid_i && row_ready_o;
  assign busy_o       = valid_q;
  assign busy_row_o   = row_q;
  assign back_valid_o = done && (changed_q || changes);
  assign back_words_o = words_d;
  assign visit_end_o  = done && last_row;
  assign idle_o       = !valid_q && !end_pend_q;
  assign evict_o      = act && (state_q == Evict || (state_q == Ask && ring_tight_i) ||
                        (in_make && (mapped || splits) && ring_full_i));

  always_comb begin
    state_d = state_q;
    if (act) begin
      case (state_q)
        Cmp:     if (fin_hit != '0) state_d = Fin;
                 else if (miss != '0) state_d = hazard ? Evict : Ask;
        Fin:     if (finish != '0) state_d = Cmp;
        Ask:     state_d = Make;
        Make:    if (complete) state_d = Cmp;
                 else if (back_go) state_d = Ask2;
                 else if (to_evict) state_d = Evict;
        Ask2:    state_d = Back;
        Back:    state_d = Match;
        Evict:   if (evicted_i) state_d = Match;
        default: state_d = Cmp;
      endcase
    end
    // The waiting row was matched before this cycle's insertion.
    if (load) state_d = ((ins_none_o || ins_ring_o) && !visit_end_o) ? Match : Cmp;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q    <= 1'b0;
      state_q    <= Cmp;
      end_pend_q <= 1'b0;
    end else if (flush_i) begin
      valid_q    <= 1'b0;
      state_q    <= Cmp;
      end_pend_q <= 1'b0;
    end else begin
      valid_q    <= load || (valid_q && !done);
      state_q    <= state_d;
      end_pend_q <= visit_end_o || (end_pend_q && !end_push);
    end
  end

  always_ff @(posedge clk_i) begin
    update_q <= update_i;
    if (row_ready_o) begin
      row_q     <= row_num_i;
      pend_q    <= row_pend_i;
      fin_q     <= (update_q || retain_i) ? '0 : row_last_i;
      end_q     <= row_end_i;
      words_q   <= row_words_i;
      changed_q <= 1'b0;
    end else begin
      pend_q    <= pend_d;
      words_q   <= words_d;
      changed_q <= changed_q || changes;
    end
    if (row_ready_o || state_q == Match) begin
      hit_none_q <= hit_none_d;
      hit_ring_q <= hit_ring_d;
      dup_q      <= dup_d;
      ask_q      <= ask_d;
    end
    if (in_cmp) begin
      miss_q  <= miss_word;
      group_q <= alike;
      sel_q   <= sel;
      sel_d_q <= sel_d;
      sel_none_q   <= (sel & hit_none_q) != '0;
      sel_poison_q <= (sel & reg_poison) != '0;
    end
    if (act && state_q == Ask) begin
      s_ref_q  <= tab_ref_i;
      s_z_q    <= tab_z_i;
      s_d_q    <= tab_d_i;
      k_q      <= k;
      n_q      <= n;
      mapped_q <= tab_tag_i == cur_tag_i;
      made_q   <= tab_d_i == made_slot;
      all_q    <= tab_ref_i == k;
    end else if (in_make && stale) begin
      s_z_q <= 1'b0;
    end
    // A kept slot's one reference is nobody's.
    if (act && state_q == Ask2) r_ref_q <= tab_ref_i - { {(CntW-1){1'b0}}, s_z_q};
  end

  // ---- Slot table.
  assign tab_req_o  = (in_cmp && miss_word[0]) || back_go || tab_we_o;
  assign tab_we_o   = (in_make && stale) || (complete && (update_q || all_here));
  assign tab_addr_o = in_cmp ? miss_slot : (mapped || stale) ? s_d_q : made_slot;
  assign tab_wref_o = update_q ? s_ref_q - 1'b1 : stale ? '0 : n_q;
  assign probe_o    = in_cmp ? miss_slot : s_d_q;
  assign free_pop_o = got_slot;

  // ---- Group registers.
  assign word_o       = (state_q == Match) ? words_q : row_words_i;
  assign take_none_o  = ((in_cmp ? move_on : '0) | finish) & hit_none_q;
  for (genvar i = 0; i < Lanes; i++) begin : gen_take
    assign take_ring_o[Entries*i +: Entries] =
        ((in_cmp && move_on[i]) || finish[i]) ? hit_ring_q[Entries*i +: Entries] : '0;
  end
  assign take_fin_o   = finish;
  assign ins_none_o   = (got_slot || no_slot) && make_none;
  assign ins_ring_o   = ((got_slot || no_slot) && splits) || (act && state_q == Back);
  assign ins_poison_o = no_slot;
  assign ins_p_o      = made_slot;
  assign ins_d_o      = (state_q == Back) ? s_d_q : free_slot_i;
  assign ins_refp_o   = (state_q == Back) ? s_ref_q : s_ref_q - k_q;
  assign ins_cnt_o    = (state_q == Back) ? r_ref_q : no_slot ? '0 : n_q;

  // ---- Operations.
  always_comb begin
    op_valid_o = 1'b0;
    op_data_o  = {OpEnd, {SlotW{1'b0}}, {SlotW{1'b0}}, 1'b0, row_q, {Lanes{1'b0}}};
    if (end_pend_q) begin
      op_valid_o = 1'b1;
    end else if (read_push) begin
      op_valid_o = 1'b1;
      // The none register's sum is the vector at hand.
      op_data_o = {sel_none_q ? OpPass : OpRd, sel_d_q, {SlotW{1'b0}}, 1'b0, row_q, finish};
    end else if (complete && !no_slot && !drop) begin
      op_valid_o = 1'b1;
      if (update_q) begin
        op_data_o = {OpUpd, made_slot, {SlotW{1'b0}}, 1'b0, row_q, {Lanes{1'b0}}};
      end else if (of_none) begin
        op_data_o = {OpPass, {SlotW{1'b0}}, free_slot_i, !pass_through, row_q, group_q & fin_q};
      end else begin
        op_data_o = {OpAdd, made_slot, all_here ? made_slot : free_slot_i,
                !all_here || n_q != '0, row_q, group_q & fin_q};
      end
    end
  end

  // ---- Bookkeeping.
  always_comb begin
    live_up_o   = '0;
    live_down_o = '0;
    shares_o    = '0;
    if (in_cmp) begin
      live_up_o   = move_on & none;
      live_down_o = pend_q & poison & (fin_q | bad);
      shares_o    = move_on & ~reg_poison;
    end else if (in_fin) begin
      live_down_o = finish & slot;
      if (!sel_poison_q) shares_o = finish;
    end else if (complete && !drop) begin
      if (update_q) live_down_o = group_q;
      else if (of_none) live_up_o = group_q & ~fin_q;
      else live_down_o = group_q & fin_q;
      if (!update_q && !no_slot) shares_o = group_q & (group_q - 1'b1);  // all but one
    end
  end

  assign err_dup_o   = (in_cmp && (pend_q & dup_q) != '0) || drop;
  assign err_slots_o = no_slot;
  assign err_grad_o  = in_cmp && bad != '0;

endmodule
