// Keeps for each slot how many queries hold it, and finds free slots; one table access a cycle.
// Right of access: clear, sweep, the look-up stage, write-back of group registers, search for free
// slots. A word is {d, z, tag, ref}: ref queries hold the slot (0: free); in the visit numbered tag
// its holders began to move to slot d; z: nobody holds d, it is kept only for that visit.
module pe_slot_table #(
  parameter  int Slots = {{ d.slots }},  // slots of the reduction buffer, a power of two
  parameter  int CntW  = {{ d.cnt_w }},  // bits of a number of queries
  parameter  int TagW  = {{ d.tag_w }},  // bits of a visit tag
  localparam int SlotW = $clog2(Slots),
  localparam int WordW = SlotW + 1 + TagW + CntW
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,        // back to the reset state at this edge
  // clear: write zero to one word a cycle
  input  logic             clear_i,
  input  logic             clear_we_i,     // the word exists
  input  logic [SlotW-1:0] clear_addr_i,
  // look-up stage; a read is answered in the next cycle
  input  logic             req_i,
  input  logic             we_i,           // implies req_i
  input  logic [SlotW-1:0] addr_i,
  input  logic [CntW-1:0]  wref_i,         // what is not ref is written as zero
  output logic [CntW-1:0]  ref_o,
  output logic [TagW-1:0]  tag_o,
  output logic             z_o,
  output logic [SlotW-1:0] d_o,
  input  logic             evict_i,        // write back a register of the current visit too
  output logic             half_o,         // such a register is written back by half
  output logic             evicted_o,      // one register has been written back, or none is left
  output logic             none_pending_o, // the none register of an earlier visit is on its way
  input  logic             visit_end_i,
  output logic [TagW-1:0]  cur_tag_o,
  output logic             sweep_o,        // tags are being cleared: hold still
  // group registers
  input  logic             settled_i,      // their counts are up to date
  input  logic             ring_any_i,
  input  logic             head_cur_i,
  input  logic             head_poison_i,
  input  logic [SlotW-1:0] head_p_i,
  input  logic [SlotW-1:0] head_d_i,
  input  logic [CntW-1:0]  head_refp_i,
  input  logic [CntW-1:0]  head_cnt_i,
  input  logic             none_valid_i,
  input  logic             none_cur_i,
  input  logic             none_poison_i,
  input  logic [SlotW-1:0] none_d_i,
  input  logic [CntW-1:0]  none_cnt_i,
  output logic             pop_ring_o,
  output logic             pop_none_o,
  output logic [SlotW-1:0] held_o,
  input  logic             held_i,
  // free list
  output logic             free_valid_o,
  output logic [SlotW-1:0] free_slot_o,
  input  logic             free_pop_i,
  output logic             exhausted_o     // every slot was looked at since the last change
);

  localparam int             FreeDepth = 4;
  localparam logic [CntW-1:0] CntOne = 1;
  localparam logic [TagW-1:0] TagOne = 1;
  localparam logic [SlotW:0]  DryFull = {1'b1, {SlotW{1'b0}}};

  logic [WordW-1:0] rdata, wdata;
  logic             req, we, grant, back_grant;
  logic [SlotW-1:0] addr;

  // Tags.
  logic [TagW-1:0]  tag_q;
  logic             dirty_tag_q, tagged_write, sweep_start;
  // Sweep: 0 read x, 1 write x, 2 write the slot that x kept.
  logic             sweep_q;
  logic [1:0]       sweep_step_q;
  logic [SlotW-1:0] sweep_x_q, sweep_d_q;
  logic             sweep_next;
  // Write-back.
  logic             f1_q, pin_q, made_q;   // the head's second step is due; d is kept; it is new
  logic             do_none, do_f0, do_f1, back_write;
  logic             f0_tagged;
  // Search.
  logic             scan, flight_q, found, in_list;
  logic [SlotW-1:0] scan_q, scanned_q;
  logic [SlotW:0]   dry, dry_q;             // words looked at since the last change
  logic             wrote_q;
  logic [FreeDepth*SlotW-1:0] free_q;
  logic [2:0]       free_cnt_q;
  logic             other_write;

  {{ sram }} u_table (
    .clk_i  (clk_i),
    .req_i  (req),
    .we_i   (we),
    .addr_i (addr),
    .wdata_i(wdata),
    .rdata_o(rdata)
  );

  assign {d_o, z_o, tag_o, ref_o} = rdata;

  // Who has the port.
  assign grant          = !clear_i && !sweep_q && !req_i;
  assign none_pending_o = none_valid_i && !none_cur_i;
  assign back_grant     = grant && settled_i;
  assign do_f1          = back_grant && f1_q;
  assign do_none        = back_grant && !f1_q && none_pending_o;
  assign do_f0          = back_grant && !f1_q && !none_pending_o && ring_any_i &&
                          (!head_cur_i || evict_i);
  assign f0_tagged      = head_cur_i && !head_poison_i && head_refp_i != '0;
  assign tagged_write   = do_f0 && f0_tagged;
  assign pop_ring_o     = do_f1 || (do_f0 && head_poison_i);
  assign pop_none_o     = do_none;
  assign half_o         = f1_q && head_cur_i;
  assign evicted_o      = pop_ring_o || pop_none_o || (!ring_any_i && !none_pending_o);
  assign back_write     = do_f1 || do_f0 || (do_none && !none_poison_i);
  assign scan           = grant && !do_f1 && !do_none && !do_f0 &&
                          (free_cnt_q + {2'b00, flight_q} < 3'(FreeDepth));

  always_comb begin
    req   = 1'b0;
    we    = 1'b0;
    addr  = addr_i;
    wdata = '0;
    if (clear_i) begin
      req  = clear_we_i;
      we   = 1'b1;
      addr = clear_addr_i;
    end else if (sweep_q) begin
      req  = (sweep_step_q != 2'd1) || tag_o != '0;
      we   = sweep_step_q != 2'd0;
      addr = (sweep_step_q == 2'd2) ? sweep_d_q : sweep_x_q;
      if (sweep_step_q == 2'd1) wdata[CntW-1:0] = ref_o;
    end else if (req_i) begin
      req             = 1'b1;
      we              = we_i;
      wdata[CntW-1:0] = wref_i;
    end else if (do_f1) begin
      req             = 1'b1;
      we              = 1'b1;
      addr            = head_d_i;
      wdata           = {head_d_i, 1'b0, made_q ? tag_q : '0, pin_q ? CntOne : head_cnt_i};
    end else if (do_none) begin
      req             = !none_poison_i;
      we              = 1'b1;
      addr            = none_d_i;
      wdata[CntW-1:0] = none_cnt_i;
    end else if (do_f0) begin
      req             = 1'b1;
      we              = 1'b1;
      addr            = head_p_i;
      wdata[CntW-1:0] = head_refp_i;
      if (f0_tagged) wdata = {head_d_i, head_cnt_i == '0, tag_q, head_refp_i};
    end else begin
      req  = scan;
      addr = scan_q;
    end
  end

  // Tags and sweep.
  assign cur_tag_o   = tag_q;
  assign sweep_o     = sweep_q;
  assign sweep_start = visit_end_i && (dirty_tag_q || tagged_write) && tag_q == '1;
  // Only tagged words have z set.
  assign sweep_next  = (sweep_step_q == 2'd1 && !z_o) || sweep_step_q == 2'd2;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tag_q        <= TagOne;
      dirty_tag_q  <= 1'b0;
      sweep_q      <= 1'b0;
      sweep_step_q <= '0;
      sweep_x_q    <= '0;
    end else if (flush_i || clear_i) begin
      tag_q        <= TagOne;
      dirty_tag_q  <= 1'b0;
      sweep_q      <= 1'b0;
      sweep_step_q <= '0;
      sweep_x_q    <= '0;
    end else begin
      if (visit_end_i) begin
        dirty_tag_q <= 1'b0;
        if (sweep_start) tag_q <= TagOne;
        else if (dirty_tag_q || tagged_write) tag_q <= tag_q + 1'b1;
      end else if (tagged_write) begin
        dirty_tag_q <= 1'b1;
      end
      if (sweep_start) sweep_q <= 1'b1;
      if (sweep_q) begin
        sweep_step_q <= sweep_next ? 2'd0 : sweep_step_q + 2'd1;
        if (sweep_next) begin
          sweep_x_q <= sweep_x_q + 1'b1;
          if (sweep_x_q == '1) sweep_q <= 1'b0;
        end
      end
    end
  end

  // The kept slot is noted while its word is on the table's output.
  always_ff @(posedge clk_i) begin
    sweep_d_q <= d_o;
  end

  // Write-back of the head takes two steps.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) f1_q <= 1'b0;
    else if (flush_i) f1_q <= 1'b0;
    else if (do_f0) f1_q <= !head_poison_i;
    else if (do_f1) f1_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (do_f0) begin
      pin_q  <= f0_tagged && head_cnt_i == '0;
      made_q <= f0_tagged;
    end
  end

  // Search for free slots.
  assign held_o       = scanned_q;
  assign found        = flight_q && ref_o == '0 && !in_list && !held_i;
  assign free_valid_o = free_cnt_q != '0;
  assign free_slot_o  = free_q[SlotW-1:0];
  assign exhausted_o  = dry == DryFull;
  assign dry          = wrote_q ? '0 : dry_q;
  assign other_write  = (we_i && !clear_i && !sweep_q) || back_write ||
                        (sweep_q && !clear_i && req && we);

  always_comb begin
    in_list = 1'b0;
    for (int i = 0; i < FreeDepth; i++) begin
      if (3'(i) < free_cnt_q && free_q[SlotW*i +: SlotW] == scanned_q) in_list = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      scan_q     <= '0;
      flight_q   <= 1'b0;
      dry_q      <= '0;
      wrote_q    <= 1'b0;
      free_cnt_q <= '0;
    end else if (flush_i || clear_i) begin
      scan_q     <= '0;
      flight_q   <= 1'b0;
      dry_q      <= '0;
      wrote_q    <= 1'b0;
      free_cnt_q <= '0;
    end else begin
      flight_q <= scan;
      if (scan) scan_q <= scan_q + 1'b1;
      // A write counts from the next cycle on: it comes late in its own.
      wrote_q  <= other_write;
      if (found) dry_q <= '0;
      else if (flight_q && dry != DryFull) dry_q <= dry + 1'b1;
      else dry_q <= dry;
      free_cnt_q <= free_cnt_q + {2'b00, found} - {2'b00, free_pop_i};
    end
  end

  always_ff @(posedge clk_i) begin
    if (scan) scanned_q <= scan_q;
    // What is checked is put behind the list already; the count tells whether it was found free.
    for (int i = 0; i < FreeDepth; i++) begin
      if (flight_q && free_cnt_q - {2'b00, free_pop_i} == 3'(i)) begin
        free_q[SlotW*i +: SlotW] <= scanned_q;
      end else if (free_pop_i && i < FreeDepth - 1) begin
        free_q[SlotW*i +: SlotW] <= free_q[SlotW*((i+1)%FreeDepth) +: SlotW];
      end
    end
  end

endmodule
