// Begins here.
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import { App } from "./app";
import "./style/all.css";

render(<App />, document.getElementById("console")!);
