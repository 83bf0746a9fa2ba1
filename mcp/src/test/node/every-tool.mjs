// Calls tools as a script says, with one of the TypeScript SDKs, and prints what it listed and what it called.
// every-tool.mjs sdk|client SCRIPT SERVER VARIABLES; SERVER is {"url"} or {"command", "args", "env"}. The script's
// language is told in ToolScript.java.
import { Client as Modern, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as Sdk } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as SdkStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as SdkHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { isDeepStrictEqual } from 'node:util';
import { readFileSync } from 'node:fs';

const [name, script, server, variables] = process.argv.slice(2);
const info = { name: 'slackline-test', version: '1.0' };
const where = JSON.parse(server);
const kept = JSON.parse(variables);

const [client, transport] = name === 'sdk'
  ? [new Sdk(info), where.url ? new SdkHttp(new URL(where.url)) : new SdkStdio(where)]
  : [
      new Modern(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
      where.url ? new ModernHttp(new URL(where.url)) : new ModernStdio(where)];

function filled(value) {
  return JSON.parse(JSON.stringify(value).replace(/\$\{(\w+)\}/g, (_, variable) => kept[variable]));
}

function at(value, pointer) {
  const found = pointer.split('/').slice(1).reduce((inner, key) => inner?.[key], value);
  if (found === undefined) throw new Error(`there is no ${pointer} in ${JSON.stringify(value)}`);
  return found;
}

async function call(step) {
  const result = await client.callTool({ name: step.tool, arguments: filled(step.with ?? {}) });
  if (result.isError) throw new Error(result.content[0].text);
  for (const [pointer, wanted] of Object.entries(filled(step.expect ?? {}))) {
    const found = at(result.structuredContent, pointer);
    if (wanted !== null && !isDeepStrictEqual(found, wanted)) throw new Error(`${pointer} is ${JSON.stringify(found)}`);
  }
  for (const [variable, pointer] of Object.entries(step.keep ?? {})) {
    kept[variable] = at(result.structuredContent, pointer);
  }
}

await client.connect(transport);
const { tools } = await client.listTools(); // from here on, the client holds each result against its schema
const called = new Set();
for (const step of JSON.parse(readFileSync(script, 'utf8'))) {
  try {
    await call(step);
  } catch (error) {
    throw new Error(`${step.tool} ${JSON.stringify(step.with)}: ${error.message}`, { cause: error });
  }
  called.add(step.tool);
}
await client.close();
console.log('listed ' + tools.map(tool => tool.name).sort().join(' '));
console.log('called ' + [...called].sort().join(' '));
