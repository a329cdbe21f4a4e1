// The lambda shorthand: #(+ % 1) is (lambda (%1) (+ %1 1)). Parameters are %1 … %n for the largest number met anywhere in
// the body, % means %1.

import { type Datum, type Place, listDatum, symbol } from "./datum.ts";

const MAX_PARAMETERS = 255;

export function shortLambda(items: readonly Datum[], at: Place): Datum {
  let most = 0;
  const rewrite = (datum: Datum): Datum => {
    switch (datum.kind) {
      case "symbol": {
        const number = datum.name === "%" ? "1" : /^%([1-9]\d{0,2})$/.exec(datum.name)?.[1];
        if (number === undefined || Number(number) > MAX_PARAMETERS) return datum;
        most = Math.max(most, Number(number));
        return symbol(`%${number}`, datum);
      }
      case "list": {
        const items = each(datum.items), tail = datum.tail === null ? null : rewrite(datum.tail);
        return items === datum.items && tail === datum.tail ? datum : { ...datum, items, tail };
      }
      case "vector": case "map": {
        const items = each(datum.items);
        return items === datum.items ? datum : { ...datum, items };
      }
      default: return datum;
    }
  };
  const each = (items: readonly Datum[]): readonly Datum[] => {
    const rewritten = items.map(rewrite);
    return rewritten.some((item, i) => item !== items[i]) ? rewritten : items;
  };
  const body = rewrite(listDatum(items, at));
  const params = Array.from({ length: most }, (_, i) => symbol(`%${i + 1}`, at));
  return listDatum([symbol("lambda", at), listDatum(params, at), body], at);
}
