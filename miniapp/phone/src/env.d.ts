/// <reference types="vite/client" />
/** What the build puts in and what WeChat offers beside the typed `uni` API. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<object, object, unknown>
  export default component
}
declare const __API_ORIGIN__: string
declare const process: { env: { UNI_PLATFORM: string } }
/** The WeChat and WeCom calls that `uni` does not carry; only there in the mini program. */
declare const wx: {
  requestSubscribeMessage(options: { tmplIds: string[]; complete(): void }): void
  qy?: { login(options: { success(answer: { code: string }): void; fail(error: unknown): void }): void }
  env: { USER_DATA_PATH: string }
  getFileSystemManager(): {
    saveFile(options: { tempFilePath: string; filePath: string; success(): void; fail(error: unknown): void }): void
    readdir(options: { dirPath: string; success(answer: { files: string[] }): void; fail(error: unknown): void }): void
    unlink(options: { filePath: string; complete(): void }): void
  }
  createOffscreenCanvas(options: { type: '2d'; width: number; height: number }): OffscreenDrawing
  canvasToTempFilePath(options: { canvas: OffscreenDrawing; fileType: 'jpg'; quality: number; success(answer: { tempFilePath: string }): void; fail(error: unknown): void }): void
}
interface OffscreenDrawing {
  createImage(): HTMLImageElement
  getContext(kind: '2d'): CanvasRenderingContext2D
}
