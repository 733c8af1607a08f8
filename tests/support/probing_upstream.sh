#!/bin/sh
# An upstream MCP server over stdio that tries what it is asked to: its tool
# "probe" runs a line of shell, and answers with what that printed, in base64.
while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
  case $line in
    *'"method":"initialize"'*)
      result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"prober","version":"1"}}' ;;
    *'"method":"tools/list"'*)
      result='{"tools":[{"name":"probe","inputSchema":{"type":"object"}}]}' ;;
    *'"method":"tools/call"'*)
      script=$(printf '%s' "$line" | sed -n 's/.*"script64":"\([A-Za-z0-9+/=]*\)".*/\1/p' | base64 -d)
      said=$(eval "$script" 2>&1 | base64 | tr -d '\n')
      result='{"content":[{"type":"text","text":"'$said'"}]}' ;;
    *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
