// Appends an event and reads a standing with the types of openapi-typescript: `with_openapi_typescript.js URL`.
// Every assignment to a typed constant is also a check of tsc: the answer is the model, its members have types.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/openapi_typescript.js";

declare const process: { argv: string[] };

const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2]! });

function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

const path = { ledger: "openapi-typescript", practitioner_id: "P-1" };
const made = await client.PUT("/v1/ledgers/{ledger}", {
  params: { path: { ledger: path.ledger } },
  body: { jurisdiction: "510100", title: "成都" },
});
same(made.data?.head, 0);

const began: components["schemas"]["EmploymentStartedEvent"] = {
  event_id: "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10",
  type: "employment.started",
  occurred_on: "2021-01-01",
  data: {
    employer_type: "urban_community",
    role: "full_time_community_worker",
    jurisdiction: "510107",
    direct_service: true,
  },
};
const appended = await client.POST("/v1/ledgers/{ledger}/practitioners/{practitioner_id}/events", {
  params: { path },
  body: { events: [began] },
});
const version: number | undefined = appended.data?.version;
same(version, 1);

const standing = await client.GET("/v1/ledgers/{ledger}/practitioners/{practitioner_id}/standing", {
  params: { path, query: { as_of: "2025-05-10" } },
});
if (standing.data === undefined) throw new Error(JSON.stringify(standing.error));
const level: string | null = standing.data.determinations.certificate.result.level;
const status: components["schemas"]["Standing"]["determinations"]["certificate"]["status"] =
  standing.data.determinations.certificate.status;
same([standing.data.jurisdiction, status, level], ["510107", "none", null]);

const answer = await client.GET(
  "/v1/ledgers/{ledger}/practitioners/{practitioner_id}/determinations/{determination}",
  { params: { path: { ...path, determination: "allowance" } } },
);
if (answer.data?.determination !== "allowance") throw new Error(JSON.stringify(answer));
const tier: string | null = answer.data.result.tier;
same(tier, null);

const refused = await client.GET("/v1/ledgers/{ledger}/practitioners/{practitioner_id}/standing", {
  params: { path: { ...path, practitioner_id: "P-2" } },
});
const code: string | undefined = refused.error?.code;
same([code, typeof refused.error?.remedy], ["unknown-practitioner", "string"]);
