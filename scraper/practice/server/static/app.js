// Fills in the pages of the practice site's layout "news": an article, a list of articles, or a
// sentence where neither can be had. What it shows comes as JSON from /api/news; python builds the
// same page in scraper/practice/news.py where the server renders it.
"use strict";

const SITE = "รัฐบาลไทย";
const WORDS = {
  th: {
    all: "ข่าวทั้งหมด",
    missing: "ไม่พบหน้าที่ต้องการ",
    failed: "ขออภัย ระบบขัดข้องชั่วคราว กรุณาลองใหม่ภายหลัง",
    loading: "กำลังโหลด…",
    document: "เอกสารประกอบ",
  },
  en: {
    all: "All news",
    missing: "Page not found",
    failed: "Sorry, something went wrong. Please try again later.",
    loading: "Loading…",
    document: "Document",
  },
};
// Elements with a meaning, and what stands in their place on pages that have none.
const BARE = {
  header: "div", nav: "div", aside: "div", main: "div", article: "div", h1: "div", footer: "div",
  time: "span",
};

const place = location.pathname.match(/^\/(?:(th|en)(?:\/news(?:\/(\d+))?)?)?\/?$/) || [];
const language = place[1] || "th";
const words = WORDS[language];
let markup = "semantic";

function element(name, attributes, ...children) {
  const made = document.createElement((markup === "divs" && BARE[name]) || name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function link(href, ...children) {
  return element("a", { href }, ...children);
}

function header() {
  return element("header", {},
    link("/", element("img", { src: "/_app/logo.svg", alt: "" }), "เว็บไซต์ฝึกหัด"),
    element("nav", {}, link("/th/news", "ข่าวทั้งหมด"), " ", link("/en/news", "News in English")),
    element("p", {}, "ปรับปรุงระบบครั้งล่าสุดเมื่อ 30 มกราคม 2560 เวลา 23.59 น."));
}

function aside() {
  return element("aside", {},
    element("h2", {}, "แนะนำ"),
    element("p", {}, link("/th/gallery/7", "ภาพงานวันเด็ก วันเสาร์ที่ 11 มกราคม 2568")),
    element("p", {}, link("/th/ebook/3", "วารสารกระทรวงคมนาคม ฉบับที่ 4/2567 #ข่าวแนะนำ")));
}

function footer() {
  return element("footer", {},
    element("p", {}, "สำนักเลขาธิการนายกรัฐมนตรี"),
    element("p", {}, "เลขที่ 1 ถนนฝึกหัด แขวงสมมุติ เขตตัวอย่าง"),
    element("p", {}, "โทร. 0 2000 0000"),
    element("p", {}, "สงวนลิขสิทธิ์ พ.ศ. 2568 เว็บไซต์ฝึกหัด กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม"));
}

function show(...main) {
  const app = document.getElementById("app");
  app.replaceChildren(header(), aside(), element("main", {}, ...main), footer());
}

function showArticle(article) {
  markup = article.markup;
  document.title = `${SITE} | ${article.page_title}`;
  const pictures = article.images.map((src) => element("img", { src, alt: "" }));
  const content = element("div", { class: "content" });
  content.innerHTML = article.content;
  const documents = article.documents.map((href) =>
    element("li", {}, link(href, words.document)));
  show(element("article", {},
    element("h1", { class: "headline" }, article.title),
    element("p", { class: "date" }, element("time", { datetime: article.published }, article.date)),
    element("div", { class: "pictures" }, ...pictures),
    content,
    element("ul", { class: "documents" }, ...documents)));
}

function showList(list) {
  document.title = `${SITE} | ${words.all}`;
  const items = list.articles.map((article) =>
    element("li", {}, link(article.path, article.title), " ", element("span", {}, article.date)));
  const pager = element("nav", { class: "pager" });
  const address = (page) => `/${language}/news?page=${page}`;
  if (list.page > 1) pager.append(link(address(list.page - 1), "‹"), " ");
  pager.append(`${list.page} `, element("span", {}, "(current)"), " ");
  if (list.more) pager.append(link(address(list.page + 1), "Next"));
  show(element("h1", {}, words.all), element("ul", { class: "news" }, ...items), pager);
}

function say(sentence) {
  document.title = SITE;
  show(element("h1", {}, sentence));
}

async function fetched() {
  const page = new URLSearchParams(location.search).get("page") || "1";
  const query = place[2] ? `/${place[2]}?lang=${language}` : `?lang=${language}&page=${page}`;
  const answer = await fetch(`/api/news${query}`);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

// Counts the visit at a host that is not the site's: a renderer should not ask it.
function count() {
  const foreign = location.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const src = `//${foreign}:${location.port}/_analytics/collect.js`;
  document.head.append(element("script", { src, async: "" }));
}

async function main() {
  const embedded = document.getElementById("__NEXT_DATA__");
  if (embedded) {
    showArticle(JSON.parse(embedded.textContent).props.pageProps.article);
    return;
  }
  document.getElementById("app").append(element("p", { class: "loading" }, words.loading));
  try {
    const data = place.length ? await fetched() : null;
    if (data === null) say(words.missing);
    else if (place[2]) showArticle(data);
    else showList(data);
  } catch (error) {
    console.error(error);
    say(words.failed);
  }
}

main().then(count);
