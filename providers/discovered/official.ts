export const officialServers: { name: string; title: string; url: string; docs: string }[] = [];
