// The frame around the pages: what there is, in which language and in which light.
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { listNames } from "./api/catalogue";
import { failureOf } from "./api/client";
import { listFigures } from "./api/reports";
import type { Figures } from "./api/reports";
import { addressOf, NavigationContext, useBrowserNavigation, useNavigation } from "./base/view";
import { chooseLanguage, LanguageContext, makeLanguage, useLanguage } from "./i18n/language";
import { LANGUAGE_NAMES, LANGUAGES } from "./i18n/messages";
import type { LanguageCode } from "./i18n/messages";
import { ItemSheet } from "./pages/item_sheet";
import { OrderSheet } from "./pages/order_sheet";
import { pageOf, PAGES } from "./pages/pages";
import type { Page } from "./pages/pages";
import { Select } from "./ui/controls";
import { FrameContext } from "./ui/frame";
import type { Frame } from "./ui/frame";
import { Icon } from "./ui/icons";
import { FailureNote, useLoad } from "./ui/load";
import { readMemory, writeMemory } from "./ui/memory";
import { Skeleton } from "./ui/skeleton";

const NO_FIGURES: Figures = { byKey: new Map(), zone: "UTC" };

// A daemon may keep no roll-ups; its pages then do without figures.
async function loadFrame(): Promise<Frame> {
  const [figures, names] = await Promise.all([
    listFigures().catch((error: unknown) => {
      if (failureOf(error).reason === "REPORTS_OFF") return NO_FIGURES;
      throw error;
    }),
    listNames(),
  ]);
  return { figures, names };
}

const FRAME_MS = 5 * 60_000;

function Body(props: { page: Page }) {
  const { view, change } = useNavigation();
  const frame = useLoad("frame", loadFrame, FRAME_MS);
  if (frame.value === undefined) {
    return frame.failure === undefined ? (
      <Skeleton rows={8} />
    ) : (
      <FailureNote failure={frame.failure} retry={frame.reload} />
    );
  }
  const Shown = props.page.show;
  return (
    <FrameContext.Provider value={frame.value}>
      <Shown />
      {view.order !== undefined && (
        <OrderSheet key={view.order} id={view.order} close={() => change({ order: "" })} />
      )}
      {view.item !== undefined && (
        <ItemSheet key={view.item} sku={view.item} close={() => change({ item: "", place: "" })} />
      )}
    </FrameContext.Provider>
  );
}

function PageLink(props: { page: Page; isCurrent: boolean; children: ComponentChildren }) {
  const { view, go } = useNavigation();
  const target = { page: props.page.key, ...(view.lang === undefined ? {} : { lang: view.lang }) };
  return (
    <a
      href={addressOf(target)}
      aria-current={props.isCurrent ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(target);
      }}
    >
      {props.children}
    </a>
  );
}

function Rail(props: { current: Page }) {
  const { t } = useLanguage();
  return (
    <nav class="rail" aria-label={t("pages")}>
      <p class="brand">
        <Icon name="brand" />
        <span>stockd</span>
      </p>
      <ul>
        {PAGES.map((page) => (
          <li key={page.key}>
            <PageLink page={page} isCurrent={page === props.current}>
              <Icon name={page.key} />
              <span>{t(`page.${page.key}`)}</span>
            </PageLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type Theme = "auto" | "light" | "dark";

function Settings(props: { chooseLanguage: (code: string) => void }) {
  const { t, code } = useLanguage();
  const [theme, setTheme] = useState(() => readMemory("theme", "auto") as Theme);
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    writeMemory("theme", theme);
  }, [theme]);
  return (
    <div class="settings no-print">
      <Select
        label={t("language")}
        value={code}
        choose={props.chooseLanguage}
        choices={LANGUAGES.map((one) => ({ value: one, name: LANGUAGE_NAMES[one] }))}
      />
      <Select
        label={t("theme")}
        value={theme}
        choose={(value) => setTheme(value as Theme)}
        choices={(["auto", "light", "dark"] as const).map((one) => ({
          value: one,
          name: t(`theme.${one}`),
        }))}
      />
    </div>
  );
}

export function App() {
  const navigation = useBrowserNavigation();
  const { view } = navigation;
  const code: LanguageCode = chooseLanguage(
    view.lang,
    readMemory("language", ""),
    navigator.language,
  );
  const language = useMemo(() => makeLanguage(code), [code]);
  const page = pageOf(view.page);
  const heading = useRef<HTMLHeadingElement>(null);
  const shownBefore = useRef(page);
  const { t } = language;
  useEffect(() => {
    document.documentElement.lang = code;
    document.title = `${t(`page.${page.key}`)} · stockd`;
  }, [code, page]);
  // Whoever cannot see that the page has changed is told, and goes on from its top.
  useEffect(() => {
    if (shownBefore.current === page) return;
    shownBefore.current = page;
    heading.current?.focus();
    scrollTo(0, 0);
  }, [page]);
  const choose = (chosen: string) => {
    writeMemory("language", chosen);
    navigation.change({ lang: chosen }, { replace: true });
  };
  return (
    <LanguageContext.Provider value={language}>
      <NavigationContext.Provider value={navigation}>
        <a
          class="skip"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            heading.current?.focus();
          }}
        >
          {t("skip")}
        </a>
        <Rail current={page} />
        <div class="stage">
          <header class="masthead">
            <h1 ref={heading} tabIndex={-1}>
              {t(`page.${page.key}`)}
            </h1>
            <Settings chooseLanguage={choose} />
          </header>
          <main id="main">
            <Body key={page.key} page={page} />
          </main>
        </div>
      </NavigationContext.Provider>
    </LanguageContext.Provider>
  );
}
