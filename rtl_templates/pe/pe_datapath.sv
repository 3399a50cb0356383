// Adds vectors to partial sums of the reduction buffer and updates rows, one beat a cycle.
// Nothing here stalls: pe_issue has reserved every access. Beat b of an operation that its executor
// begins in cycle e is read in cycle e+b; the vector's beat comes in cycle e+b+1, and the sum is
// there in cycle e+b+AddLat+3 (an update's row when it has been multiplied, too). Copies (a vector,
// or a sum read back) take the same time.
module pe_datapath #(
  parameter  int Lanes    = {{ sum_lanes }},  // 32-bit lanes
  parameter  int Beats    = {{ d.beats }},  // beats of a slice, a power of two
  parameter  int SlotW    = {{ d.slot_w }},  // bits of a slot number
  parameter  int AddLat   = {{ add_stages }},  // pipeline stages of the adder
{%- if d.update %}
  parameter  int MulLat   = {{ mul_stages }},  // pipeline stages of the multiplier
{%- endif %}
  parameter  int ElemW    = {{ elem_w }},  // bits of an element in memory format
  parameter  int TagW     = {{ d.emit_w }},  // bits that name a result's queries: row and lanes
{%- if d.update %}
  parameter  int IdW      = {{ d.id_w }},  // bits of a row id
{%- endif %}
  localparam int BeatW    = (Beats > 1) ? $clog2(Beats) : 1,
  localparam int W        = 32 * Lanes,
  localparam int VecW     = ElemW * Lanes,
  localparam int Copies   = AddLat + 2,
  localparam int SideW    = {% if d.update %}(IdW > TagW) ? IdW : TagW{% else %}TagW{% endif %}
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,      // drop everything in flight at this edge
{%- if d.update %}
  input  logic              update_i,
  input  logic [31:0]       lr_i,         // learning rate, binary32
{%- endif %}
  // a result will come of the operation that starts this cycle
  input  logic              emit_i,
  output logic              emit_ready_o,
  input  logic              copy_i,       // it is a copy
  input  logic [TagW-1:0]   emit_tag_i,
{%- if d.update %}
{%- endif %}
  // main executor
  input  logic              main_act_i,
  input  logic              main_rd_i,    // the sum read is the result
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0]  main_beat_i,
{%- endif %}
  input  logic [SlotW-1:0]  main_p_i,
  input  logic [VecW-1:0]   main_data_i,  // a cycle after main_beat_i
{%- if d.update %}
  input  logic [IdW-1:0]    main_id_i,    // with the first beat
{%- endif %}
  // side executor
  input  logic [VecW-1:0]   side_data_i,  // a cycle after its beat's number
  // write of a vector, a cycle after side_data_i
  input  logic              fill_act_i,
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0]  fill_beat_i,
{%- endif %}
  input  logic [SlotW-1:0]  fill_d_i,
  // write-back of sums
  input  logic              write_act_i,
{%- if d.beats > 1 %}
  input  logic [BeatW-1:0]  write_beat_i,
{%- endif %}
  input  logic [SlotW-1:0]  write_d_i,
  // results
  output logic              out_valid_o,
  output logic [SideW+W-1:0] out_data_o   // {side, beat}
);

  localparam int                AddrW    = $clog2(Beats) + SlotW - 1;
  localparam int                EmitLat  = AddLat + 3{% if d.update %} + MulLat{% endif %};
  localparam logic [BeatW-1:0]  LastBeat = {{ d.last_beat }};

{%- if d.update %}
  logic                 update_q;                   // a copy that nobody else loads
{%- endif %}
  logic [W-1:0]         main_vec, side_vec, rdata0, rdata1, rdata;
  logic [W-1:0]         vec_q, sum_q;               // operands two cycles after the read
  logic [W-1:0]         a_q, b_q, sum;
  logic [Copies*W-1:0]  copy_q;                     // copies on their way, youngest lowest
  logic                 read_q, bank_q;
  logic [1:0]           read_copy_q;
  logic                 main_bank, fill_bank, write_bank;
  logic [AddrW-1:0]     main_addr, fill_addr, write_addr;

  // Vectors widen to 32 bits a lane.
  for (genvar i = 0; i < Lanes; i++) begin : gen_widen
{%- if element == "bf16" %}
    assign main_vec[32*i +: 32] = {main_data_i[ElemW*i +: ElemW], 16'd0};
    assign side_vec[32*i +: 32] = {side_data_i[ElemW*i +: ElemW], 16'd0};
{%- else if element == "int8" %}
    assign main_vec[32*i +: 32] = { {24{main_data_i[ElemW*i+7]}}, main_data_i[ElemW*i +: ElemW]};
    assign side_vec[32*i +: 32] = { {24{side_data_i[ElemW*i+7]}}, side_data_i[ElemW*i +: ElemW]};
{%- else %}
    assign main_vec[32*i +: 32] = main_data_i[ElemW*i +: ElemW];
    assign side_vec[32*i +: 32] = side_data_i[ElemW*i +: ElemW];
{%- endif %}
  end

  // Reduction buffer: two banks of beats.
{%- if d.beats == 1 %}
  assign main_bank  = main_p_i[0];
  assign fill_bank  = fill_d_i[0];
  assign write_bank = write_d_i[0];
  assign main_addr  = main_p_i[SlotW-1:1];
  assign fill_addr  = fill_d_i[SlotW-1:1];
  assign write_addr = write_d_i[SlotW-1:1];
{%- else if d.beats == 2 %}
  assign main_bank  = main_beat_i[0];
  assign fill_bank  = fill_beat_i[0];
  assign write_bank = write_beat_i[0];
  assign main_addr  = main_p_i;
  assign fill_addr  = fill_d_i;
  assign write_addr = write_d_i;
{%- else %}
  assign main_bank  = main_beat_i[0];
  assign fill_bank  = fill_beat_i[0];
  assign write_bank = write_beat_i[0];
  assign main_addr  = {main_p_i, main_beat_i[BeatW-1:1]};
  assign fill_addr  = {fill_d_i, fill_beat_i[BeatW-1:1]};
  assign write_addr = {write_d_i, write_beat_i[BeatW-1:1]};
{%- endif %}

  for (genvar k = 0; k < 2; k++) begin : gen_bank
    logic             reads, fills, writes;
    logic [AddrW-1:0] addr;
    logic [W-1:0]     wdata;
    assign reads  = main_act_i && main_bank == k;
    assign fills  = fill_act_i && fill_bank == k;
    assign writes = write_act_i && write_bank == k;
    assign addr   = writes ? write_addr : fills ? fill_addr : main_addr;
    assign wdata  = writes ? sum : copy_q[0 +: W];
  end

  {{ sram }} u_bank0 (
    .clk_i  (clk_i),
    .req_i  (gen_bank[0].reads || gen_bank[0].fills || gen_bank[0].writes),
    .we_i   (gen_bank[0].fills || gen_bank[0].writes),
    .addr_i (gen_bank[0].addr),
    .wdata_i(gen_bank[0].wdata),
    .rdata_o(rdata0)
  );

  {{ sram }} u_bank1 (
    .clk_i  (clk_i),
    .req_i  (gen_bank[1].reads || gen_bank[1].fills || gen_bank[1].writes),
    .we_i   (gen_bank[1].fills || gen_bank[1].writes),
    .addr_i (gen_bank[1].addr),
    .wdata_i(gen_bank[1].wdata),
    .rdata_o(rdata1)
  );

  assign rdata = bank_q ? rdata1 : rdata0;

  always_ff @(posedge clk_i) begin
{%- if d.update %}
    update_q    <= update_i;
{%- endif %}
    bank_q      <= main_bank;
    read_q      <= main_act_i;
    read_copy_q <= {read_copy_q[0], main_act_i && main_rd_i};
    if (read_q) sum_q <= rdata;
  end

  // Copies travel beside the adder{% if d.update %}; in an update, so does the row{% endif %}.
  always_ff @(posedge clk_i) begin
{%- if d.update %}
    copy_q[0 +: W] <= update_q ? main_vec : side_vec;
{%- else %}
    copy_q[0 +: W] <= side_vec;
{%- endif %}
    copy_q[W +: W] <= read_copy_q[1] ? sum_q : copy_q[0 +: W];
    for (int i = 2; i < Copies; i++) copy_q[W*i +: W] <= copy_q[W*(i-1) +: W];
  end

{%- if d.update %}
  // An update multiplies first: row - learning rate * gradient.
  logic [W-1:0] product;
  fp_mul #(
    .ExpW  (8),
    .ManW  (23),
    .Stages(MulLat),
    .Lanes (Lanes)
  ) u_mul (
    .clk_i    (clk_i),
    .a_i      (sum_q),
    .b_i      ({Lanes{lr_i}}),
    .product_o(product)
  );

  always_ff @(posedge clk_i) begin
    vec_q <= main_vec;
    a_q   <= update_q ? copy_q[W*MulLat +: W] : vec_q;
    for (int i = 0; i < Lanes; i++) begin
      b_q[32*i +: 32] <= update_q ? {!product[32*i+31], product[32*i +: 31]} : sum_q[32*i +: 32];
    end
  end
{%- else %}
  always_ff @(posedge clk_i) begin
    vec_q <= main_vec;
    a_q   <= vec_q;
    b_q   <= sum_q;
  end
{%- endif %}

{%- if float %}
  fp_add #(
    .ExpW  (8),
    .ManW  (23),
    .Stages(AddLat),
    .Lanes (Lanes)
  ) u_add (
    .clk_i(clk_i),
    .a_i  (a_q),
    .b_i  (b_q),
    .sum_o(sum)
  );
{%- else %}
  for (genvar i = 0; i < Lanes; i++) begin : gen_add
    int_add #(
      .Width (32),
      .Stages(AddLat)
    ) u_add (
      .clk_i(clk_i),
      .a_i  (a_q[32*i +: 32]),
      .b_i  (b_q[32*i +: 32]),
      .sum_o(sum[32*i +: 32])
    );
  end
{%- endif %}

  // Results: who gets them is noted at the start and comes due when the first beat is ready.
  logic [EmitLat-1:0] due_q;
  logic               side_valid, out_act_q, due, out_last, copy;
  logic [BeatW-1:0]   out_beat_q;
  logic               named, named_copy;
  logic [SideW-1:0]   side, name;
  logic [W-1:0]       result;

{%- if d.update %}
  assign due      = update_q ? due_q[EmitLat-1] : due_q[AddLat+2];
{%- else %}
  assign due      = due_q[EmitLat-1];
{%- endif %}
  assign out_last = out_beat_q == LastBeat;

{%- if d.update %}
  // An update's result is named by its row's id, which comes with the vector's first beat.
  logic [1:0] emit_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) emit_q <= '0;
    else emit_q <= flush_i ? '0 : {emit_q[0], emit_i};
  end
  assign named      = update_q ? emit_q[1] : emit_i;
  assign named_copy = copy_i && !update_q;
  always_comb begin
    name = '0;
    if (update_q) name[IdW-1:0] = main_id_i;
    else name[TagW-1:0] = emit_tag_i;
  end
{%- else %}
  assign named      = emit_i;
  assign named_copy = copy_i;
  assign name       = emit_tag_i;
{%- endif %}

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q     <= '0;
      out_act_q <= 1'b0;
    end else if (flush_i) begin
      due_q     <= '0;
      out_act_q <= 1'b0;
    end else begin
      due_q     <= {due_q[EmitLat-2:0], emit_i};
{%- if d.update %}
      // A copy or sum is out by now; only updates go on.
      due_q[AddLat+3] <= due_q[AddLat+2] && update_q;
{%- endif %}
      out_act_q <= due || (out_act_q && !out_last);
    end
  end

  always_ff @(posedge clk_i) begin
    out_beat_q <= due ? '0 : out_beat_q + 1'b1;
  end

  stream_fifo #(
    .Width(SideW + 1),
    .Depth({{ sides }})
  ) u_sides (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .flush_i(flush_i),
    .valid_i(named),
    .ready_o(emit_ready_o),
    .data_i ({named_copy, name}),
    .valid_o(side_valid),
    .ready_i(out_act_q && out_last),
    .data_o ({copy, side})
  );

  assign result      = copy ? copy_q[W*(Copies-1) +: W] : sum;
  assign out_valid_o = out_act_q && side_valid;
{%- if d.update && element == "bf16" %}
  // Updated rows are rounded to nearest even once more.
  logic [W-1:0] rounded;
  for (genvar i = 0; i < Lanes; i++) begin : gen_round
    logic [31:0] wide;
    logic        up, nan;
    assign wide = sum[32*i +: 32];
    assign nan  = wide[30:23] == '1 && wide[22:0] != '0;
    assign up   = wide[15] && (wide[14:0] != '0 || wide[16]);
    assign rounded[16*i +: 16] = nan ? 16'h7fc0 : wide[31:16] + {15'd0, up};
  end
  assign rounded[W-1:VecW] = '0;
  assign out_data_o  = {side, update_q ? rounded : result};
{%- else %}
  assign out_data_o  = {side, result};
{%- endif %}

endmodule
