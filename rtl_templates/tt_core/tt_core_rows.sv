// Takes rows and finds the digits of their ids, a bit a rank, by subtraction.
// What is left of an id at the end is its last digit. The digits of a bad row mean nothing.
module tt_core_rows #(
  parameter  int IdW    = {{ d.id_w }},  // bits of a row id
  parameter  int Ranks  = {{ d.digit_ranks() }},  // bits of all digits but the last
{%- if d.several() %}
  parameter  int TableW = {{ d.table_port_w }},  // bits of a table's number
{%- endif %}
  parameter  int BagW   = {{ d.bag_w }},  // bits of a bag's number
  parameter  int LastW  = {{ d.last_digit_w() }},  // bits of the last digit
  localparam int SideW  = {{ d.side_sum() }}
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,      // drop everything at this edge
  input  logic              row_valid_i,
  output logic              row_ready_o,
{%- if d.several() %}
  input  logic [TableW-1:0] row_table_i,
{%- endif %}
  input  logic [IdW-1:0]    row_id_i,
  input  logic [BagW-1:0]   row_bag_i,
{%- if d.pooling %}
  input  logic              row_last_i,
{%- endif %}
  input  logic              bad_i,        // the row can't be served
  output logic              taken_o,      // a row is taken
  output logic              bad_row_o,    // a bad one
  // rows with their digits
  output logic              dig_valid_o,
  input  logic              dig_ready_i,
{%- if d.several() %}
  output logic [TableW-1:0] dig_table_o,
{%- endif %}
  output logic [Ranks-1:0]  dig_heads_o,  // all digits but the last, the first one highest
  output logic [LastW-1:0]  dig_tail_o,   // the last one
  output logic [BagW-1:0]   dig_bag_o,
{%- if d.pooling %}
  output logic              dig_last_o,
{%- endif %}
  output logic              dig_bad_o,
  output logic              waits_o       // a row with its digits does not leave
);

  // What a set bit takes off the id, the last rank's highest.
  localparam logic [Ranks*IdW-1:0] Moduli = {
{%- for modulus in d.moduli() %}
    {{ d.id_w }}'d{{ modulus.value }}{% if !loop.last %},{% endif %}  // bit {{ modulus.bit }} of digit {{ modulus.digit }}
{%- endfor %}
  };

  logic [Ranks:0]             valid_q;
  logic [(Ranks+1)*SideW-1:0] side_q;  // what goes along with the digits
  logic [SideW-1:0]           side;
  logic [IdW-1:0]             id_q;
  logic                       shift;

  assign shift       = !valid_q[Ranks] || dig_ready_i;
  assign row_ready_o = shift;
  assign taken_o     = row_valid_i && shift;
  assign bad_row_o   = taken_o && bad_i;
  assign dig_valid_o = valid_q[Ranks];
  assign waits_o     = !shift;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else if (flush_i) valid_q <= '0;
    else if (shift) valid_q <= {valid_q[Ranks-1:0], row_valid_i};
  end

  assign side = { {%- if d.several() %}row_table_i, {% endif %}row_bag_i, {% if d.pooling %}row_last_i, {% endif %}bad_i};
  assign { {%- if d.several() %}dig_table_o, {% endif %}dig_bag_o, {% if d.pooling %}dig_last_o, {% endif %}dig_bad_o} = side_q[SideW*Ranks +: SideW];

  always_ff @(posedge clk_i) begin
    if (shift) begin
      id_q   <= row_id_i;
      side_q <= {side_q[SideW*Ranks-1:0], side};
    end
  end

  // Each rank knows one more bit of the digits, and that the rest is below its modulus.
  for (genvar x = 0; x < Ranks; x++) begin : gen_rank
    localparam int             Before  = (x > 0) ? x - 1 : 0;
    localparam logic [IdW-1:0] Modulus = Moduli[IdW*x +: IdW];
    localparam logic [IdW-1:0] Bound   = Moduli[IdW*Before +: IdW];
    localparam int             HaveW   = (x > 0) ? $clog2(Bound) : IdW;
    localparam int             RestW   = $clog2(Modulus);
    logic [HaveW-1:0] have;
    logic [RestW-1:0] rest_q;
    logic [x:0]       digits, digits_q;
    if (x == 0) begin : gen_first
      assign have   = id_q;
      assign digits = have >= Modulus[HaveW-1:0];
    end else begin : gen_next
      assign have   = gen_rank[x-1].rest_q;
      assign digits = {gen_rank[x-1].digits_q, have >= Modulus[HaveW-1:0]};
    end
    always_ff @(posedge clk_i) begin
      if (shift) begin
        rest_q   <= digits[0] ? have[RestW-1:0] - Modulus[RestW-1:0] : have[RestW-1:0];
        digits_q <= digits;
      end
    end
  end
  assign dig_heads_o = gen_rank[Ranks-1].digits_q;
  assign dig_tail_o  = gen_rank[Ranks-1].rest_q;

endmodule
