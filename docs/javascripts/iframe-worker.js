// Search from file://: browsers start no worker there.  A hidden frame takes its place, which loads the same script and
// exchanges the same messages; everywhere else nothing is changed.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const inner = this.frame.contentWindow;
      window.addEventListener("message", (event) => {
        if (event.source !== inner) return;
        const copy = new MessageEvent("message", { data: event.data });
        this.dispatchEvent(copy);
        if (this.onmessage) this.onmessage(copy);
      });
      const page = inner.document;
      page.open();
      page.write(
        "<script>postMessage = function (data) { parent.postMessage(data, '*') };" +
          "importScripts = function () { return Promise.resolve() };</" + "script>" +
          '<script src="' + url + '"></' + "script>",
      );
      page.close();
      this.loaded = new Promise((resolve) => { inner.onload = resolve; });
    }
    postMessage(data) {
      this.loaded.then(() => {
        this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }));
      });
    }
    terminate() {
      this.frame.remove();
    }
  };
}
