// A sheet over the page, for one order or one item. It is in the address, so a link opens it again.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useLanguage } from "../i18n/language";

export function Sheet(props: { title: string; close: () => void; children: ComponentChildren }) {
  const { t } = useLanguage();
  const title = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const shown = dialog.current!;
    const before = document.activeElement;
    shown.showModal();
    heading.current!.focus();
    return () => {
      shown.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) props.close();
      }}
    >
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id={title} ref={heading} tabIndex={-1}>
            {props.title}
          </h2>
          <button type="button" class="button" onClick={props.close}>
            {t("close")}
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
