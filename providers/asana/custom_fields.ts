/**
 * A task's custom fields, in words.
 *
 * https://developers.asana.com/reference/custom-fields
 *
 * @module
 */

import { z } from "zod";
import { shorten } from "../text.ts";

const MAX_LENGTH = 500;

/** Asked for with a task. */
export const CUSTOM_FIELDS = [
  "name",
  "display_value",
  "text_value",
  "number_value",
  "enum_value.name",
  "multi_enum_values.name",
  "date_value",
  "people_value.name",
  "reference_value.name",
].map((field) => `custom_fields.${field}`).join(",");

const Named = z.object({ name: z.string().nullish() });
const Names = z.array(Named.nullable()).nullish().catch(undefined);

/** A field, as the API sends it: its value stands where its type says. */
export const CustomField = z.object({
  name: z.string().nullish().catch(undefined),
  display_value: z.string().nullish().catch(undefined),
  text_value: z.string().nullish().catch(undefined),
  number_value: z.number().nullish().catch(undefined),
  enum_value: Named.nullish().catch(undefined),
  multi_enum_values: Names,
  date_value: z.object({ date: z.string().nullish(), date_time: z.string().nullish() }).nullish()
    .catch(undefined),
  people_value: Names,
  reference_value: Names,
});
export type CustomField = z.output<typeof CustomField>;

/** A field in a tool's answer. */
export const FieldOutput = z.object({ name: z.string(), value: z.string() });

/** Those that have a value, whatever their type; Asana writes most of them out itself. */
export function fieldsOf(
  fields: (CustomField | null)[],
  length: number,
): z.output<typeof FieldOutput>[] {
  const most = Math.min(length, MAX_LENGTH);
  return fields.flatMap((field) => {
    const value = field && valueOf(field);
    if (!field?.name || !value) return [];
    return [{ name: shorten(field.name, most), value: shorten(value, most) }];
  });
}

function valueOf(field: CustomField): string {
  const { display_value, text_value, number_value, enum_value, date_value } = field;
  const names = [field.multi_enum_values, field.people_value, field.reference_value]
    .flatMap((list) => list ?? []).flatMap((one) => one?.name ? [one.name] : []);
  return display_value || text_value || enum_value?.name || names.join(", ") ||
    date_value?.date_time || date_value?.date || (number_value ?? "").toString();
}
