// Reads the items of a page: for each, the visible text or an attribute of each named element.
(spec) => {
  const rest = (found, without) => {
    const copy = found.cloneNode(true);
    copy.querySelectorAll(without).forEach((part) => part.remove());
    return copy.textContent;
  };
  const value = (root, where) => {
    const found = root.querySelector(where.selector);
    if (!found) return null;
    if (!where.attribute) return where.without ? rest(found, where.without) : found.innerText;
    return where.attribute === "href" ? found.href : found.getAttribute(where.attribute);
  };
  const values = (root, fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, where]) => [name, value(root, where)]));
  const items = [...document.querySelectorAll(spec.item)];
  return {
    ready: document.querySelector(spec.ready) !== null,
    found: items.length,
    text: items.length ? "" : document.body.innerText.slice(0, 20000),
    next: spec.next ? document.querySelector(spec.next)?.href ?? null : null,
    page: values(document, spec.page),
    items: items
      .filter((item) => !spec.skip || !item.querySelector(spec.skip))
      .map((item) => ({
        ...values(item, spec.fields),
        id: spec.id ? item.getAttribute(spec.id) : null,
        opening: spec.opening ? item.matches(spec.opening) : false,
      })),
  };
}
