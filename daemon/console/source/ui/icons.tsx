// Signs of the pages, drawn with one pen.
import type { PageKey } from "../pages/pages";

const PATHS: Readonly<Record<PageKey | "brand", string>> = {
  brand: "M4 6h10M4 12h15M4 18h7M18 18h.01",
  today: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4l3 2",
  delivery: "M3 7h10v9H3zM13 10h4l3 3v3h-7M7 16v2M17 16v2",
  stock: "M4 9l8-5 8 5v10H4zM9 19v-6h6v6",
  board: "M5 4h14v16H5zM9 9h6M9 13h6M9 17h3",
  sources: "M5 12h4M15 12h4M12 5v4M12 15v4M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  channels: "M4 19V9M10 19V5M16 19v-7M21 19H3",
};

export function Icon(props: { name: PageKey | "brand" }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
