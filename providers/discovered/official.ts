/**
 * MCP servers that services run themselves, by name, so that `UPSTREAMS` needs
 * no address. Addresses are as their vendors publish them, or as clients that
 * list them do, read in November 2026; none was asked.
 *
 * Some of them register only clients that they know (Asana, Figma, monday.com):
 * there the operator makes a client, as the page says.
 *
 * @module
 */

/** One server. */
export interface OfficialServer {
  /** Ends in `_mcp`: without it, some are services of this program's own. */
  name: string;
  /** For people. */
  title: string;
  url: string;
  /** Where its address is documented. */
  docs: string;
}

/** All of them. */
export const officialServers: readonly OfficialServer[] = [
  {
    name: "asana_mcp",
    title: "Asana",
    url: "https://mcp.asana.com/v2/mcp",
    docs: "https://developers.asana.com/docs/using-asanas-mcp-server",
  },
  {
    name: "atlassian_mcp",
    title: "Atlassian",
    url: "https://mcp.atlassian.com/v1/mcp/authv2",
    docs:
      "https://support.atlassian.com/atlassian-ai-gateway/docs/use-rovo-mcp-with-other-supported-mcp-clients/",
  },
  {
    name: "canva_mcp",
    title: "Canva",
    url: "https://mcp.canva.com/mcp",
    docs: "https://www.canva.dev/docs/connect/canva-mcp-server-setup/",
  },
  {
    name: "cloudflare_mcp",
    title: "Cloudflare",
    url: "https://mcp.cloudflare.com/mcp",
    docs: "https://github.com/cloudflare/mcp",
  },
  {
    name: "figma_mcp",
    title: "Figma",
    url: "https://mcp.figma.com/mcp",
    docs: "https://help.figma.com/hc/en-us/articles/32132100833559",
  },
  {
    name: "honeycomb_mcp",
    title: "Honeycomb",
    url: "https://mcp.honeycomb.io/mcp",
    docs: "https://docs.honeycomb.io/troubleshoot/product-lifecycle/beta/mcp/",
  },
  {
    name: "huggingface_mcp",
    title: "Hugging Face",
    // Without the query it asks nobody who they are.
    url: "https://huggingface.co/mcp?login",
    docs: "https://github.com/evalstate/hf-mcp-server",
  },
  {
    name: "intercom_mcp",
    title: "Intercom",
    url: "https://mcp.intercom.com/mcp",
    docs: "https://developers.intercom.com/docs/guides/mcp",
  },
  {
    name: "jam_mcp",
    title: "Jam",
    url: "https://mcp.jam.dev/mcp",
    docs: "https://jam.dev/docs/debug-a-jam/mcp",
  },
  {
    name: "linear_mcp",
    title: "Linear",
    url: "https://mcp.linear.app/mcp",
    docs: "https://linear.app/docs/mcp",
  },
  {
    name: "monday_mcp",
    title: "monday.com",
    url: "https://mcp.monday.com/mcp",
    docs: "https://developer.monday.com/api-reference/docs/integrate-with-monday-mcp",
  },
  {
    name: "notion_mcp",
    title: "Notion",
    url: "https://mcp.notion.com/mcp",
    docs: "https://developers.notion.com/docs/mcp",
  },
  {
    name: "paypal_mcp",
    title: "PayPal",
    url: "https://mcp.paypal.com/mcp",
    docs: "https://developer.paypal.com/tools/mcp-server/",
  },
  {
    name: "ramp_mcp",
    title: "Ramp",
    url: "https://ramp-mcp-remote.ramp.com/mcp",
    docs: "https://docs.ramp.com/developer-api/v1/guides/ramp-mcp-remote",
  },
  {
    name: "sentry_mcp",
    title: "Sentry",
    url: "https://mcp.sentry.dev/mcp",
    docs: "https://docs.sentry.io/product/sentry-mcp/",
  },
  {
    name: "stripe_mcp",
    title: "Stripe",
    url: "https://mcp.stripe.com",
    docs: "https://docs.stripe.com/mcp",
  },
  {
    name: "supabase_mcp",
    title: "Supabase",
    url: "https://mcp.supabase.com/mcp",
    docs: "https://github.com/supabase-community/supabase-mcp",
  },
  {
    name: "vercel_mcp",
    title: "Vercel",
    url: "https://mcp.vercel.com",
    docs: "https://vercel.com/docs/mcp/vercel-mcp",
  },
];
