// Lists the tools of the server whose URL is given and calls one, with both TypeScript SDKs, each in its newest protocol.
import { Client as Modern, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { Client as Sdk } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as SdkHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const url = new URL(process.argv[2]);
const info = { name: 'slackline-test', version: '1.0' };

async function use(name, client, transport, version) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  const { content } = await client.callTool({ name: 'test_simple_text', arguments: {} });
  console.log(`${name} ${version(client, transport)} tools=${tools.length} text=${content[0].text}`);
  await client.close();
}

await use('sdk', new Sdk(info), new SdkHttp(url), (client, transport) => transport.protocolVersion);
await use(
  'client',
  new Modern(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
  new ModernHttp(url),
  client => client.getNegotiatedProtocolVersion());
