(() => {
  const { origin, message, url } = document.getElementById("returning").dataset;
  if (window.opener) {
    window.opener.postMessage(JSON.parse(message), origin);
    window.close();
  } else if (url) {
    location.replace(url);
  }
})();
