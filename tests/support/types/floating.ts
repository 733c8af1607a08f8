/**
 * Promises that nobody waits for: should one be rejected, nobody hears of it,
 * and Deno ends the program.
 *
 * @module
 */

import ts from "typescript";
import type { Typed } from "./program.ts";

/** A place where a promise is let go. */
export interface Finding {
  at: string;
  text: string;
}

/** Finds them in all files. */
export function floatingPromises(typed: Typed): Finding[] {
  const found: Finding[] = [];
  const visit = (node: ts.Node): void => {
    for (const loose of looseIn(node, typed.checker)) {
      found.push({ at: typed.placeOf(loose), text: loose.getText().slice(0, 100) });
    }
    ts.forEachChild(node, visit);
  };
  typed.files.forEach(visit);
  return found;
}

/** The expressions whose value a node lets go, although it is a promise. */
function looseIn(node: ts.Node, checker: ts.TypeChecker): ts.Node[] {
  if (ts.isExpressionStatement(node)) return letGo(node.expression, checker);
  if (ts.isVoidExpression(node)) return letGo(node.expression, checker);
  if (ts.isForStatement(node)) {
    const { initializer, incrementor } = node;
    const parts = [initializer, incrementor].filter((part) => part !== undefined);
    return parts.flatMap((part) => ts.isExpression(part) ? letGo(part, checker) : []);
  }
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return lostResults(node, checker);
  return [];
}

function letGo(expression: ts.Expression, checker: ts.TypeChecker): ts.Expression[] {
  const inner = unwrapped(expression);
  if (ts.isConditionalExpression(inner)) {
    return [inner.whenTrue, inner.whenFalse].flatMap((part) => letGo(part, checker));
  }
  if (ts.isBinaryExpression(inner)) {
    const { left, right, operatorToken: { kind } } = inner;
    // Whoever takes it can wait for it.
    if (isAssignment(kind)) return [];
    if (kind === ts.SyntaxKind.CommaToken) {
      return [left, right].flatMap((part) => letGo(part, checker));
    }
    if (isLogical(kind)) return letGo(right, checker);
  }
  // What is beneath is looked at by itself.
  if (ts.isVoidExpression(inner) || ts.isAwaitExpression(inner)) return [];
  if (isHandled(inner)) return [];
  const type = checker.getTypeAtLocation(inner);
  return isPromise(type, checker) || isUnknown(type, inner) ? [inner] : [];
}

/** Without parentheses and assertions around it. */
function unwrapped(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) ||
      ts.isNonNullExpression(expression) || ts.isSatisfiesExpression(expression)
    ? unwrapped(expression.expression)
    : expression;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken;
}

/** `….catch(f)`, `….then(f, g)`; also with `finally` after it. */
function isHandled(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression)) return false;
  const { expression: callee, arguments: args } = expression;
  if (!ts.isPropertyAccessExpression(callee)) return false;
  switch (callee.name.text) {
    case "catch":
      return args.length === 1;
    case "then":
      return args.length === 2;
    case "finally":
      return isHandled(callee.expression);
    default:
      return false;
  }
}

/** What an event's listeners are declared to give is `any`. */
const NOTHING = ts.TypeFlags.Void | ts.TypeFlags.Any;

/** Functions that give a promise, where what they are given to expects nothing from them. */
function lostResults(
  call: ts.CallExpression | ts.NewExpression,
  checker: ts.TypeChecker,
): ts.Expression[] {
  const signature = checker.getResolvedSignature(call);
  const args = call.arguments ?? [];
  return args.filter((argument, index) => {
    const results = resultsOf(checker.getTypeAtLocation(argument), checker);
    if (!results.some((type) => isPromise(type, checker))) return false;
    const parameter = signature?.parameters[Math.min(index, signature.parameters.length - 1)];
    if (parameter === undefined) return false;
    const wanted = resultsOf(checker.getTypeOfSymbolAtLocation(parameter, call), checker);
    return wanted.length > 0 && wanted.every(({ flags }) => (flags & NOTHING) !== 0);
  });
}

function resultsOf(type: ts.Type, checker: ts.TypeChecker): ts.Type[] {
  const parts = type.isUnion() ? type.types : [type];
  return parts.flatMap((part) =>
    part.getCallSignatures().map((signature) => checker.getReturnTypeOfSignature(signature))
  );
}

/** A promise, what can be one, or a list of them. */
function isPromise(type: ts.Type, checker: ts.TypeChecker): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    const apparent = checker.getApparentType(part);
    const then = checker.getPropertyOfType(apparent, "then");
    if (then !== undefined) return true;
    if (!checker.isArrayType(part) && !checker.isTupleType(part)) return false;
    return checker.getTypeArguments(part as ts.TypeReference).some((item) =>
      isPromise(item, checker)
    );
  });
}

/** A call that can give anything can give a promise; what was JSON holds none. */
function isUnknown({ flags }: ts.Type, expression: ts.Expression): boolean {
  return ts.isCallExpression(expression) && expression.expression.getText() !== "JSON.parse" &&
    (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}
