// A classic script in the head: pages that JavaScript rearranges say so before they are drawn, so nothing jumps.
if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("live");
