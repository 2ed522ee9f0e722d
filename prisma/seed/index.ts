export { demoIsLoaded, loadDemo, type DemoOptions } from './demo.loader.js';
export { runSimulation, type SimulationOptions, type SimulationReport } from './simulation.runner.js';
