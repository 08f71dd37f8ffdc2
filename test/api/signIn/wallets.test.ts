import assert from "node:assert/strict";
import fc from "fast-check";
import { getAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import { z } from "zod";
import { checkMessage, walletMessage } from "../../../api/signIn/wallets.ts";
import { NOW } from "../../support/register.ts";
import { CHAIN_ID, type RegisterApi, registerApi, signInWithWallet } from "../../support/registerApi.ts";

const messageShape = z.object({ message: z.string() });
const account = privateKeyToAccount(generatePrivateKey());
const wallet = getAddress(account.address);

describe("signing in with a wallet", () => {
  let api: RegisterApi;
  beforeEach(async () => {
    api = await registerApi();
  });
  afterEach(() => api.end());

  it("gives the offices that the chain says at each request", async () => {
    const browser = await api.officer("secretary");
    const who = z.object({ wallet: z.string(), offices: z.unknown() });
    const { wallet: signed, offices } = await browser.get("/session", who);
    assert.deepEqual(offices, [{ community: 1, role: "secretary" }]);
    assert.equal((await browser.ask("GET", "/communities/1/persons")).status, 200);
    api.offices.set(getAddress(signed), [{ community: 1, role: "auditor" }]);
    assert.equal((await browser.ask("GET", "/communities/1/persons")).status, 403);
    assert.equal((await browser.ask("GET", "/communities/1/accesses")).status, 200);
    api.offices.delete(getAddress(signed));
    for (const path of ["/session", "/communities/1/accesses"]) {
      assert.equal((await browser.ask("GET", path)).status, 401, path);
    }
  });

  it("is refused to who holds no office", async () => {
    const answer = await signInWithWallet(api.browser(), account);
    assert.equal(answer.status, 422);
    assert.match(answer.text, /holds no office/);
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });

  it("takes a signature once, of the wallet that is named, over the message that is signed", async () => {
    api.offices.set(wallet, [{ community: 1, role: "auditor" }]);
    const browser = api.browser();
    const message = async () => (await browser.post("/sign-in/wallet/message", { wallet }, messageShape)).message;
    const signed = async (text: string, signer = account) => ({
      message: text,
      signature: await signer.signMessage({ message: text }),
    });
    const good = await signed(await message());
    const both = await Promise.all([1, 2].map(() => api.browser().ask("POST", "/sign-in/wallet", good)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 422]);

    const stranger = privateKeyToAccount(generatePrivateKey());
    const asked = await message();
    const wrong = {
      "another's signature": await signed(asked, stranger),
      "another message": { ...(await signed(await message())), message: await message() },
      "a nonce that was not given": await signed(asked.replace(/Nonce: \w+/, `Nonce: ${"a".repeat(64)}`)),
      "no signature": { message: await message(), signature: "0x" },
      rubbish: { message: "hello", signature: good.signature },
    };
    for (const [what, body] of Object.entries(wrong)) {
      const answer = await api.browser().ask("POST", "/sign-in/wallet", body);
      assert.equal(answer.status, 422, what);
      assert.deepEqual(answer.headers.getSetCookie(), [], what);
    }
    const late = await signed(await message());
    api.pass(300);
    assert.equal((await browser.ask("POST", "/sign-in/wallet", late)).status, 422);
  });

  it("takes no message for another site, chain or time", () => {
    const { context } = api;
    const text = walletMessage(context.store, context, wallet, NOW);
    const parsed = parseSiweMessage(text);
    const at = (seconds: number) => new Date((NOW + seconds) * 1000);
    const fields = { ...parsed, address: wallet, version: "1", chainId: CHAIN_ID, domain: "cer.example.org" } as const;
    const base = { ...fields, uri: "https://cer.example.org", nonce: parsed.nonce ?? "", issuedAt: at(0) };
    assert.deepEqual(checkMessage(text, context, NOW), { wallet, nonce: parsed.nonce });
    assert.deepEqual(checkMessage(createSiweMessage(base), context, NOW), { wallet, nonce: parsed.nonce });
    const cases: readonly [object, string][] = [
      [{ domain: "cer.example.com" }, "for another domain"],
      [{ domain: "cer.example.org:8443" }, "for another domain"],
      [{ uri: "https://cer.example.org.evil.example" }, "for another address"],
      [{ scheme: "http" }, "for another scheme"],
      [{ chainId: 1 }, "for another chain"],
      [{ issuedAt: at(61) }, "not issued yet"],
      [{ expirationTime: at(0) }, "expired, or good for too long"],
      [{ expirationTime: at(86_400) }, "expired, or good for too long"],
      [{ expirationTime: undefined }, "expired, or good for too long"],
      [{ notBefore: at(1) }, "not good yet"],
    ];
    for (const [change, problem] of cases) {
      assert.deepEqual(checkMessage(createSiweMessage({ ...base, ...change }), context, NOW), { problem }, problem);
    }
  });

  it("reads any text without failing", () => {
    const { context } = api;
    const text = walletMessage(context.store, context, wallet, NOW);
    fc.assert(
      fc.property(fc.string(), fc.nat(text.length), fc.nat(20), (inserted, from, cut) => {
        const changed = text.slice(0, from) + inserted + text.slice(from + cut);
        const checked = checkMessage(changed, context, NOW);
        if (checked.problem === undefined) assert.match(changed, /^cer\.example\.org wants you/);
      }),
    );
  });
});
