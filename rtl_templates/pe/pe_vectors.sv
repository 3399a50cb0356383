// Buffers vectors in two single-ported banks of beats, from which both executors read in order.
// Beats alternate between the banks. pe_issue sees to it that the executors never read the same
// bank in one cycle; a beat that comes in waits while its bank is read. What is read is there in
// the next cycle.
module pe_vectors #(
{%- if d.beats > 1 %}
  parameter  int Beats    = {{ d.beats }},  // beats of a vector, a power of two
{%- endif %}
  parameter  int Capacity = {{ d.in_beats }},  // beats that are held, a power of two
  parameter  int VecW     = {{ d.vec_w }},  // bits of a beat in memory format
{%- if d.update %}
  parameter  int IdW      = {{ d.id_w }},  // bits of a row id
{%- endif %}
{%- if d.beats > 1 %}
  localparam int BeatW    = $clog2(Beats),
{%- endif %}
  localparam int PtrW     = $clog2(Capacity)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,       // drop everything at this edge
  input  logic             vec_valid_i,
  output logic             vec_ready_o,   // depends on the state only
{%- if d.update %}
  input  logic [IdW-1:0]   vec_id_i,      // counts on the first beat
{%- endif %}
  input  logic [VecW-1:0]  vec_data_i,
  output logic             usable_o,      // the vector at hand is complete
  input  logic             retire_i,      // it is done with; its beats are replaced from the next
                                          // cycle on, behind the executors that still read them
  input  logic             aside_i,       // it is noted for later, too,
  input  logic             pass_held_i,   // and kept as long as this is high
  // executors
  input  logic             main_start_i,  // begins with the vector at hand in the next cycle
  input  logic             main_vec_i,    // reads this cycle
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0] main_beat_i,
{%- endif %}
  output logic [VecW-1:0]  main_data_o,   // of the cycle before
{%- if d.update %}
  output logic [IdW-1:0]   main_id_o,     // row id, with the first beat
{%- endif %}
  input  logic             side_start_i,  // begins with the vector noted, or at hand
  input  logic             side_act_i,
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0] side_beat_i,
{%- endif %}
  output logic [VecW-1:0]  side_data_o
);

  // Positions have one bit more than addresses, to tell full from empty.
  localparam int FirstW = {% if d.beats > 1 %}PtrW + 1 - BeatW{% else %}PtrW + 1{% endif %};

  logic [PtrW:0]     wptr_q, oldest, main_pos, side_pos;
  logic [FirstW-1:0] first_q, pass_first_q;       // vector at hand, vector noted
  logic [FirstW-1:0] oldest_first;
  logic [FirstW-1:0] main_first_q, side_first_q;  // vectors that the executors read
  logic              full, write, main_bank_q, side_bank_q, unused_wraps;
  logic [1:0]        main_reads, side_reads;      // a bit a bank
  logic [{{ d.vec_w + d.vec_side_w() }}-1:0] rdata0;
  logic [{{ banks.bank1_w }}-1:0] rdata1;

  assign oldest_first = pass_held_i ? pass_first_q : first_q;
{%- if d.beats > 1 %}
  assign oldest       = {oldest_first, {BeatW{1'b0}}};
  assign main_pos     = {main_first_q, main_beat_i};
  assign side_pos     = {side_first_q, side_beat_i};
{%- else %}
  assign oldest       = oldest_first;
  assign main_pos     = main_first_q;
  assign side_pos     = side_first_q;
{%- endif %}
  assign unused_wraps = main_pos[PtrW] ^ side_pos[PtrW];
  assign main_reads   = {main_vec_i && main_pos[0], main_vec_i && !main_pos[0]};
  assign side_reads   = {side_act_i && side_pos[0], side_act_i && !side_pos[0]};
  assign full         = wptr_q == {~oldest[PtrW], oldest[PtrW-1:0]};
  assign vec_ready_o  = !full && !main_reads[wptr_q[0]] && !side_reads[wptr_q[0]];
  assign write        = vec_valid_i && vec_ready_o;
{%- if d.beats > 1 %}
  assign usable_o     = wptr_q[PtrW:BeatW] != first_q;
{%- else %}
  assign usable_o     = wptr_q != first_q;
{%- endif %}

  for (genvar k = 0; k < 2; k++) begin : gen_bank
    logic            writes;
    logic [PtrW-2:0] addr;
    assign writes = write && wptr_q[0] == k;
    assign addr   = main_reads[k] ? main_pos[PtrW-1:1] :
                    side_reads[k] ? side_pos[PtrW-1:1] : wptr_q[PtrW-1:1];
  end

  {{ banks.bank0 }} u_bank0 (
    .clk_i  (clk_i),
    .req_i  (main_reads[0] || side_reads[0] || gen_bank[0].writes),
    .we_i   (gen_bank[0].writes),
    .addr_i (gen_bank[0].addr),
    .wdata_i({% if d.update %}{vec_id_i, vec_data_i}{% else %}vec_data_i{% endif %}),
    .rdata_o(rdata0)
  );

  {{ banks.bank1 }} u_bank1 (
    .clk_i  (clk_i),
    .req_i  (main_reads[1] || side_reads[1] || gen_bank[1].writes),
    .we_i   (gen_bank[1].writes),
    .addr_i (gen_bank[1].addr),
    .wdata_i({% if d.update && d.beats == 1 %}{vec_id_i, vec_data_i}{% else %}vec_data_i{% endif %}),
    .rdata_o(rdata1)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q  <= '0;
      first_q <= '0;
    end else if (flush_i) begin
      wptr_q  <= '0;
      first_q <= '0;
    end else begin
      if (write) wptr_q <= wptr_q + 1'b1;
      if (retire_i) first_q <= first_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (main_start_i) main_first_q <= first_q;
    if (aside_i) pass_first_q <= first_q;
    if (side_start_i) side_first_q <= oldest_first;
    main_bank_q <= main_pos[0];
    side_bank_q <= side_pos[0];
  end

  assign main_data_o = main_bank_q ? rdata1[VecW-1:0] : rdata0[VecW-1:0];
  assign side_data_o = side_bank_q ? rdata1[VecW-1:0] : rdata0[VecW-1:0];
{%- if d.update && d.beats == 1 %}
  assign main_id_o   = main_bank_q ? rdata1[VecW +: IdW] : rdata0[VecW +: IdW];
{%- else if d.update %}
  // Ids are kept on even beats only.
  assign main_id_o   = rdata0[VecW +: IdW];
{%- endif %}

endmodule
