// How the connected systems fare, in one line each.
import { adapters } from "../api/client";
import type { Source } from "contract/stockd/v1/adapter_service_pb";
import { addressOf, useNavigation } from "../base/view";
import { useLanguage } from "../i18n/language";
import { Section } from "../ui/controls";
import { Shown, useLoad } from "../ui/load";
import { Empty } from "../ui/skeleton";
import { healthOf, SourceMark, troublesOf } from "../ui/source_health";

export function SourcesInShort() {
  const language = useLanguage();
  const { t } = language;
  const { go, view } = useNavigation();
  const sources = useLoad(
    "sources",
    async (signal) => (await adapters.listSources({}, { signal })).sources,
    20_000,
  );
  const target = { page: "sources", ...(view.lang === undefined ? {} : { lang: view.lang }) };
  const tell = (source: Source) => {
    const troubles = troublesOf(language, source);
    return troubles.length === 0 ? t("source.fine") : language.list(troubles);
  };
  return (
    <Section
      title={t("today.sources")}
      note={
        <a
          href={addressOf(target)}
          onClick={(event) => {
            event.preventDefault();
            go(target);
          }}
        >
          {t("today.sources.all")}
        </a>
      }
    >
      <Shown of={sources} rows={3}>
        {(list) =>
          list.length === 0 ? (
            <Empty text={t("sources.none")} />
          ) : (
            <ul class="lines">
              {list.map((source) => (
                <li key={source.source} class={`line health-${healthOf(source)}`}>
                  <SourceMark source={source} />
                  <strong>{source.source}</strong>
                  <span>{tell(source)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}
