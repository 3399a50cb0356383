// Multiplies rows of A by columns of B: each lane adds up the products of one pair by a fixed tree.
// Neighbours are added level by level, so that sums do not depend on the number of lanes.
module tt_core_macs #(
  parameter  int Rows      = 1,  // of A
  parameter  int Cols      = 1,  // of B
  parameter  int Rank      = 2,  // length of both, a power of two
{%- if d.float %}
  parameter  int MulStages = {{ d.mul_stages }},  // register ranks of a multiplier
  parameter  int AddStages = {{ d.add_stages }},  // register ranks of an adder
  localparam int SumW      = 32,
{%- else %}
  parameter  int SumW      = 16 + $clog2(Rank),  // bits of a sum, at least these
{%- endif %}
  localparam int ElemW     = {{ d.elem_w }},  // bits of an element
  localparam int Lanes     = Rows * Cols
) (
  input  logic                       clk_i,
  input  logic                       a_load_i,  // new rows; the old ones stay otherwise
  input  logic [Rows*Rank*ElemW-1:0] a_i,
  input  logic                       b_load_i,
  input  logic [Cols*Rank*ElemW-1:0] b_i,
{%- if d.float %}
  output logic [Lanes*SumW-1:0]      sum_o      // 1 + MulStages + AddStages * log2 Rank cycles later
{%- else %}
  output logic [Lanes*SumW-1:0]      sum_o      // 2 + log2 Rank cycles later
{%- endif %}
);

  logic [Rows*Rank*ElemW-1:0] a_q;
  logic [Cols*Rank*ElemW-1:0] b_q;

  always_ff @(posedge clk_i) begin
    if (a_load_i) a_q <= a_i;
    if (b_load_i) b_q <= b_i;
  end
{%- if d.float %}
{#- Verilator 5.006 mixes up names here and in the units when two instances have equal parameters, so
    none may stand in both. #}

  // All products: those of a lane side by side.
  localparam int Terms = Lanes * Rank;
  logic [Terms*ElemW-1:0] factors1, factors2;
  logic [Terms*SumW-1:0]  products;
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    assign factors1[ElemW*Rank*l +: ElemW*Rank] = a_q[ElemW*Rank*(l/Cols) +: ElemW*Rank];
    assign factors2[ElemW*Rank*l +: ElemW*Rank] = b_q[ElemW*Rank*(l%Cols) +: ElemW*Rank];
  end
{%- if d.elem_w == 16 %}
  bf16_mul #(
    .Stages(MulStages),
    .Lanes (Terms)
  ) u_mul (
{%- else %}
  fp_mul #(
    .ExpW  (8),
    .ManW  (23),
    .Stages(MulStages),
    .Lanes (Terms)
  ) u_mul (
{%- endif %}
    .clk_i    (clk_i),
    .a_i      (factors1),
    .b_i      (factors2),
    .product_o(products)
  );

  // Each level adds neighbours, until one term a lane is left.
  for (genvar i = 0; i < $clog2(Rank); i++) begin : gen_tree
    localparam int Sums = Terms >> (i + 1);
    logic [2*Sums*SumW-1:0] terms;
    logic [Sums*SumW-1:0]   even, odd, sums;
    if (i == 0) begin : gen_first
      assign terms = products;
    end else begin : gen_next
      assign terms = gen_tree[i-1].sums;
    end
    for (genvar j = 0; j < Sums; j++) begin : gen_pair
      assign even[SumW*j +: SumW] = terms[SumW*(2*j) +: SumW];
      assign odd[SumW*j +: SumW]  = terms[SumW*(2*j+1) +: SumW];
    end
    fp_add #(
      .ExpW  (8),
      .ManW  (23),
      .Stages(AddStages),
      .Lanes (Sums)
    ) u_add (
      .clk_i(clk_i),
      .a_i  (even),
      .b_i  (odd),
      .sum_o(sums)
    );
  end
  assign sum_o = gen_tree[$clog2(Rank)-1].sums;
{%- else %}

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    localparam int Row = l / Cols;
    localparam int Col = l % Cols;
    localparam int Levels = $clog2(Rank);
    localparam int OwnW   = 16 + Levels;
    logic [16*Rank-1:0] products_q;

    for (genvar u = 0; u < Rank; u++) begin : gen_mul
      logic signed [15:0] x, y;
      assign x = { {8{a_q[ElemW*(Rank*Row+u)+7]}}, a_q[ElemW*(Rank*Row+u) +: ElemW]};
      assign y = { {8{b_q[ElemW*(Rank*Col+u)+7]}}, b_q[ElemW*(Rank*Col+u) +: ElemW]};
      always_ff @(posedge clk_i) products_q[16*u +: 16] <= x * y;
    end

    // Each level has half as many terms, one bit wider.
    for (genvar i = 0; i < Levels; i++) begin : gen_level
      localparam int TermW = 16 + i;
      localparam int Sums  = Rank >> (i + 1);
      logic [2*Sums*TermW-1:0]   terms;
      logic [Sums*(TermW+1)-1:0] sums_q;
      if (i == 0) begin : gen_first
        assign terms = products_q;
      end else begin : gen_next
        assign terms = gen_level[i-1].sums_q;
      end
      for (genvar j = 0; j < Sums; j++) begin : gen_sum
        logic [TermW-1:0] x, y;
        assign x = terms[TermW*(2*j) +: TermW];
        assign y = terms[TermW*(2*j+1) +: TermW];
        always_ff @(posedge clk_i) begin
          sums_q[(TermW+1)*j +: TermW+1] <= {x[TermW-1], x} + {y[TermW-1], y};
        end
      end
    end

    logic [OwnW-1:0] own;
    assign own = gen_level[Levels-1].sums_q;
    if (SumW > OwnW) begin : gen_wider
      assign sum_o[SumW*l +: SumW] = { {(SumW-OwnW){own[OwnW-1]}}, own};
    end else begin : gen_same
      assign sum_o[SumW*l +: SumW] = own;
    end
  end
{%- endif %}

endmodule
