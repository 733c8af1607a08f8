/**
 * Arguments that fit a tool's schema, for calls whose arguments say nothing.
 *
 * @module
 */

type Schema = Record<string, unknown>;

/** An object with every required member; `given` for those of its names. */
export function exampleOf(schema: Schema, given: Schema): Schema {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.fromEntries(
    required.map((name) => [name, given[name] ?? valueOf(properties[name] ?? {})]),
  );
}

function valueOf({ type, enum: values }: Schema): unknown {
  if (Array.isArray(values)) return values[0];
  switch (type) {
    case "number":
    case "integer":
      return 7;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return "something";
  }
}
