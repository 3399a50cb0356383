{%- if d.float -%}
// Rounds sums to bf16, to nearest even, between two stages; a NaN becomes the canonical one.
module tt_core_convert #(
  parameter int Lanes = 1
) (
  input  logic                clk_i,
  input  logic [Lanes*32-1:0] sum_i,
  output logic [Lanes*16-1:0] word_o   // a cycle later
);

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [31:0] wide;
    logic        up, nan;
    assign wide = sum_i[32*l +: 32];
    assign nan  = wide[30:23] == '1 && wide[22:0] != '0;
    assign up   = wide[15] && (wide[14:0] != '0 || wide[16]);
    always_ff @(posedge clk_i) begin
      word_o[16*l +: 16] <= nan ? 16'h7fc0 : wide[31:16] + {15'd0, up};
    end
  end

endmodule
{%- else -%}
// Requantises sums to int8 between two stages: scales, rounds half up, and clamps.
module tt_core_convert #(
  parameter  int Lanes  = 1,
{%- if d.several() %}
  parameter  int Tables = {{ d.tables }},  // each with a scale of its own
  parameter  int TableW = {{ d.table_port_w }},  // bits of a table's number
{%- else %}
  localparam int Tables = 1,
{%- endif %}
  parameter  int SumW   = 17   // bits of a sum
) (
  input  logic                  clk_i,
  input  logic [Tables*16-1:0]  mult_i,
  input  logic [Tables*4-1:0]   shift_i,
{%- if d.several() %}
  input  logic [TableW-1:0]     table_i,  // a cycle before the sums
{%- endif %}
  input  logic [Lanes*SumW-1:0] sum_i,
  output logic [Lanes*8-1:0]    word_o    // two cycles later
);

  localparam int ProdW   = SumW + 16;
  localparam int Dropped = 15;              // bits of a product that no shift keeps
  localparam int KeptW   = ProdW - Dropped;

  logic [15:0] mult;
  logic [3:0]  shift;
{%- if d.several() %}
  logic [Tables*16-1:0] mults;
  logic [Tables*4-1:0]  shifts;
  logic [15:0]          mult_d;
  logic [3:0]           shift_d, shift_q, shift_q2;

  for (genvar t = 0; t < Tables; t++) begin : gen_table
    assign mults[16*t +: 16] = (table_i == t) ? mult_i[16*t +: 16] : '0;
    assign shifts[4*t +: 4]  = (table_i == t) ? shift_i[4*t +: 4] : '0;
  end
  always_comb begin
    mult_d  = '0;
    shift_d = '0;
    for (int t = 0; t < Tables; t++) begin
      mult_d  = mult_d | mults[16*t +: 16];
      shift_d = shift_d | shifts[4*t +: 4];
    end
  end
  always_ff @(posedge clk_i) begin
    mult     <= mult_d;
    shift_q  <= shift_d;
    shift_q2 <= shift_q;
  end
  assign shift = shift_q2;
{%- else %}
  assign mult  = mult_i;
  assign shift = shift_i;
{%- endif %}

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [ProdW-1:0] x, factor;
    logic signed [KeptW-1:0] kept, kept_q, shifted, rounded;
    logic [Dropped-1:0]      unused_low;
    logic                    unused_half, fits;

    assign x      = { {16{sum_i[SumW*l+SumW-1]}}, sum_i[SumW*l +: SumW]};
    assign factor = { {SumW{1'b0}}, mult};
    assign {kept, unused_low} = x * factor;

    // One bit more than is wanted stays below the point; adding a half rounds.
    assign shifted     = kept_q >>> shift;
    assign rounded     = shifted + { {(KeptW-1){1'b0}}, 1'b1};
    assign unused_half = rounded[0];
    assign fits        = rounded[KeptW-1:8] == '0 || rounded[KeptW-1:8] == '1;

    always_ff @(posedge clk_i) begin
      kept_q <= kept;
      word_o[8*l +: 8] <= fits ? rounded[8:1] : {rounded[KeptW-1], {7{!rounded[KeptW-1]}}};
    end
  end

endmodule
{%- endif %}
