// Finds the queries that ask for each vector: compares its id with the next id of every query.
// A command's lists of ids come first. The first id of a query goes to the query's head, the others
// to the list memory. Then, for each vector: its id is compared with all heads, the hits go out row
// by row, and the heads that were hit take their next id from the list memory, one a cycle.
module pe_match #(
  parameter  int Queries = {{ d.queries }},  // a power of two
  parameter  int Lanes   = {{ d.lanes }},  // queries of a row
  parameter  int Ids     = {{ match_ids }},  // words of the list memory, a power of two
  parameter  int IdW     = {{ d.id_w }},  // bits of a row id
  localparam int Rows    = Queries / Lanes,
  localparam int QueryW  = $clog2(Queries),
  localparam int RowW    = $clog2(Rows),
  localparam int PtrW    = $clog2(Ids)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,       // back to the reset state at this edge
  // command
  input  logic              start_i,
  input  logic [23:0]       visits_i,      // vectors to come
  // lists
  input  logic              list_valid_i,
  output logic              list_ready_o,
  input  logic [QueryW-1:0] list_query_i,
  input  logic [IdW-1:0]    list_id_i,
  input  logic              list_last_i,   // last id of this query
  input  logic              list_end_i,    // last beat of the lists
  output logic              err_list_o,    // the list memory is full
  // ids of the vectors
  input  logic              id_valid_i,
  output logic              id_ready_o,
  input  logic [IdW-1:0]    id_i,
  // request beats
  output logic              req_valid_o,
  input  logic              req_ready_i,
  output logic [RowW-1:0]   req_row_o,
  output logic [Lanes-1:0]  req_mask_o,
  output logic [Lanes-1:0]  req_last_o,
  output logic              req_end_o
);

  localparam logic [2:0] PhOff    = 3'd0;
  localparam logic [2:0] PhLoad   = 3'd1;
  localparam logic [2:0] PhMatch  = 3'd2;
  localparam logic [2:0] PhRows   = 3'd3;
  localparam logic [2:0] PhRefill = 3'd4;

  logic [2:0]              phase_q, phase_d;
  logic                    in_load, in_match, in_rows, in_refill, sent;
  logic [23:0]             left_q;               // vectors to come
  logic                    load, store;
  logic [PtrW:0]           wptr_q;
  logic [Queries-1:0]      valid_q, last_q, equal, hits_q;  // heads
  logic [Queries*IdW-1:0]  ids_q;
  logic [Queries*PtrW-1:0] ptrs_q;
  logic [Queries-1:0]      refill_q, set;        // refills to do beside the next one
  logic                    cur_valid_q, arrive_q;
  logic [Rows-1:0]         cur_row_q, arrive_row_q;   // one bit: the next refill's row, ...
  logic [Lanes-1:0]        cur_lane_q, arrive_lane_q;  // ... and its lane
  logic [PtrW-1:0]         cur_ptr, arrive_ptr_q, fill_ptr;
  logic [IdW-1:0]          fill_id;
  logic                    fill_last;
  logic [IdW:0]            rdata;

  assign in_load      = phase_q == PhLoad;
  assign in_match     = phase_q == PhMatch;
  assign in_rows      = phase_q == PhRows;
  assign in_refill    = phase_q == PhRefill;
  assign list_ready_o = in_load;
  assign id_ready_o   = in_match && left_q != '0;
  assign req_valid_o  = in_rows;
  assign sent         = in_rows && req_ready_i;

  // Lists.
  assign load       = in_load && list_valid_i;
  assign store      = load && valid_q[list_query_i];
  assign err_list_o = store && wptr_q[PtrW];

  {{ sram }} u_lists (
    .clk_i  (clk_i),
    .req_i  (in_load ? (store && !wptr_q[PtrW]) : (in_refill && cur_valid_q)),
    .we_i   (in_load),
    .addr_i (in_load ? wptr_q[PtrW-1:0] : cur_ptr),
    .wdata_i({list_last_i, list_id_i}),
    .rdata_o(rdata)
  );

  // The lowest row with a hit or, in REFILL, with a query to refill. A tree finds it: at[r] says
  // that there is one in rows r..0.
  logic [Queries-1:0] cand;
  logic [Rows-1:0]    some, at, prior, first;
  logic [Lanes-1:0]   lanes, noted, low;

  assign cand = in_rows ? hits_q : refill_q;

  for (genvar r = 0; r < Rows; r++) begin : gen_some
    assign some[r] = cand[Lanes*r +: Lanes] != '0;
  end

  always_comb begin
    at = some;
    for (int level = 0; level < RowW; level = level + 1) begin
      for (int r = 0; r < Rows; r = r + 1) begin
        if (((r >>> level) & 1) == 1) at[r] = at[r] | at[((r >>> level) << level) - 1];
      end
    end
  end

  assign prior     = {at[Rows-2:0], 1'b0};
  assign first     = some & ~prior;
  assign req_end_o = (some & prior) == '0;

  always_comb begin
    lanes      = '0;
    req_last_o = '0;
    for (int r = 0; r < Rows; r = r + 1) begin
      lanes      = lanes | (first[r] ? cand[Lanes*r +: Lanes] : '0);
      req_last_o = req_last_o | (first[r] ? last_q[Lanes*r +: Lanes] : '0);
    end
  end
  assign req_mask_o = lanes;

  always_comb begin
    req_row_o = '0;
    for (int b = 0; b < RowW; b = b + 1) begin
      for (int r = 0; r < Rows; r = r + 1) begin
        if (((r >>> b) & 1) == 1) req_row_o[b] = req_row_o[b] | first[r];
      end
    end
  end

  // Refills: the next one is known a cycle ahead.
  assign noted = in_rows ? lanes & ~req_last_o : lanes;
  assign low   = noted & (~noted + 1'b1);

  always_comb begin
    cur_ptr = '0;
    for (int q = 0; q < Queries; q = q + 1) begin
      if (cur_row_q[q/Lanes] && cur_lane_q[q%Lanes]) cur_ptr = cur_ptr | ptrs_q[PtrW*q +: PtrW];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      refill_q    <= '0;
      cur_valid_q <= 1'b0;
      arrive_q    <= 1'b0;
    end else if (flush_i || start_i) begin
      refill_q    <= '0;
      cur_valid_q <= 1'b0;
      arrive_q    <= 1'b0;
    end else begin
      arrive_q <= in_refill && cur_valid_q;
      if (sent || in_refill) begin
        for (int r = 0; r < Rows; r = r + 1) begin
          if (first[r]) begin
            refill_q[Lanes*r +: Lanes] <= (in_rows && cur_valid_q) ? noted : noted & ~low;
          end
        end
        if (in_refill || !cur_valid_q) cur_valid_q <= noted != '0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (in_refill || !cur_valid_q) begin
      cur_row_q  <= first;
      cur_lane_q <= low;
    end
    arrive_row_q  <= cur_row_q;
    arrive_lane_q <= cur_lane_q;
    arrive_ptr_q  <= cur_ptr;
  end

  // Heads.
  assign fill_id   = arrive_q ? rdata[IdW-1:0] : list_id_i;
  assign fill_last = arrive_q ? rdata[IdW] : list_last_i;
  assign fill_ptr  = arrive_q ? arrive_ptr_q + 1'b1 : wptr_q[PtrW-1:0];

  for (genvar q = 0; q < Queries; q++) begin : gen_head
    logic fill;
    assign set[q]   = load && list_query_i == q && !valid_q[q];
    assign fill     = set[q] || (arrive_q && arrive_row_q[q/Lanes] && arrive_lane_q[q%Lanes]);
    assign equal[q] = valid_q[q] && ids_q[IdW*q +: IdW] == id_i;

    always_ff @(posedge clk_i) begin
      if (fill) begin
        ids_q[IdW*q +: IdW]    <= fill_id;
        last_q[q]              <= fill_last;
        ptrs_q[PtrW*q +: PtrW] <= fill_ptr;
      end
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q[q] <= 1'b0;
      else if (flush_i || start_i) valid_q[q] <= 1'b0;
      else if (set[q]) valid_q[q] <= 1'b1;
      else if (in_rows && hits_q[q] && last_q[q]) valid_q[q] <= 1'b0;  // on its way out
    end

    always_ff @(posedge clk_i) begin
      if (in_match) hits_q[q] <= equal[q];
      else if (sent && first[q/Lanes]) hits_q[q] <= 1'b0;
    end
  end

  // Phases.
  always_comb begin
    phase_d = phase_q;
    case (phase_q)
      PhLoad:   if (load && list_end_i) phase_d = PhMatch;
      PhMatch:  if (id_valid_i && id_ready_o) phase_d = PhRows;
      PhRows:   if (sent && req_end_o) begin
        phase_d = (cur_valid_q || noted != '0) ? PhRefill : PhMatch;
      end
      PhRefill: if (!cur_valid_q) phase_d = PhMatch;  // the last word arrives
      default:  phase_d = PhOff;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      phase_q <= PhOff;
      left_q  <= '0;
      wptr_q  <= '0;
    end else if (flush_i) begin
      phase_q <= PhOff;
      left_q  <= '0;
      wptr_q  <= '0;
    end else if (start_i) begin
      phase_q <= (visits_i != '0) ? PhLoad : PhOff;
      left_q  <= visits_i;
      wptr_q  <= '0;
    end else begin
      phase_q <= phase_d;
      if (sent && req_end_o) left_q <= left_q - 1'b1;
      if (store && !wptr_q[PtrW]) wptr_q <= wptr_q + 1'b1;
    end
  end

endmodule
