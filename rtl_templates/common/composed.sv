

{%- for group in groups %}

  // driven by {{ group.driver }}
{%- for net in group.nets %}
  {{ net }}
{%- endfor %}
{%- endfor %}

{%- for instance in instances %}
{# blank line above each instance #}
{%- for line in instance.comment %}
  // {{ line }}
{%- endfor %}
{%- if instance.params.is_empty() %}
  {{ instance.of }} {{ instance.name }} (
{%- else %}
  {{ instance.of }} #(
{%- for param in instance.params %}
    {{ param }}
{%- endfor %}
  ) {{ instance.name }} (
{%- endif %}
{%- for pin in instance.pins %}
    {{ pin }}
{%- endfor %}
  );
{%- endfor %}
{%- if !assigns.is_empty() %}
{# blank line #}
{%- for assign in assigns %}
  {{ assign }}
{%- endfor %}
{%- endif %}

endmodule
