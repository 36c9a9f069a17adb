// Appends an event and reads a standing with the client of @hey-api/openapi-ts: `with_hey_api.js URL`.
// Every assignment to a typed constant is also a check of tsc: the answer is the model, its members have types.
import { appendEvents, createLedger, readDetermination, readStanding } from "./generated/hey_api/index.js";
import { client } from "./generated/hey_api/client.gen.js";

declare const process: { argv: string[] };

client.setConfig({ baseUrl: process.argv[2]! });

function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

const path = { ledger: "hey-api", practitioner_id: "P-1" };
const made = await createLedger({ path: { ledger: "hey-api" }, body: { jurisdiction: "510100", title: "成都" } });
same(made.data?.head, 0);

const appended = await appendEvents({
  path,
  body: {
    events: [
      {
        event_id: "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10",
        type: "employment.started",
        occurred_on: "2021-01-01",
        data: {
          employer_type: "urban_community",
          role: "full_time_community_worker",
          jurisdiction: "510107",
          direct_service: true,
        },
      },
    ],
  },
});
const version: number | undefined = appended.data?.version;
same(version, 1);

const standing = await readStanding({ path, query: { as_of: "2025-05-10" } });
if (standing.data === undefined) throw new Error(JSON.stringify(standing.error));
const level: string | null = standing.data.determinations.certificate.result.level;
const status: "none" | string = standing.data.determinations.certificate.status;
same([standing.data.jurisdiction, status, level], ["510107", "none", null]);

const answer = await readDetermination({ path: { ...path, determination: "allowance" } });
if (answer.data?.determination !== "allowance") throw new Error(JSON.stringify(answer));
const tier: string | null = answer.data.result.tier;
same(tier, null);

const refused = await readStanding({ path: { ...path, practitioner_id: "P-2" } });
const code: string | undefined = refused.error?.code;
same([code, typeof refused.error?.remedy], ["unknown-practitioner", "string"]);
