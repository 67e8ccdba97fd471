// The name of a new question follows its title until somebody changes the name.
(() => {
  const title = document.getElementById("id_title");
  const slug = document.getElementById("id_slug");
  if (!title || slug.value) return;
  let own = false;
  slug.addEventListener("input", () => { own = true; });
  title.addEventListener("input", () => {
    if (own) return;
    const plain = title.value.normalize("NFKD").toLowerCase();
    slug.value = plain.replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 80);
  });
})();
