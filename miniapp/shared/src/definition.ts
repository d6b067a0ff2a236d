/** A form's definition as the backend publishes it; what the form engine and every screen that draws a field read. */

/** What an answer may be: text, number, truth, code list, or the rows of a table; money is integer 分, dates are ISO. */
export type FieldValue = unknown
export type Ast = unknown[]
export type FieldType =
  | 'text' | 'integer' | 'decimal' | 'money' | 'date' | 'datetime' | 'year' | 'code' | 'codes' | 'bool'
  | 'phone' | 'tel' | 'id_no' | 'address' | 'coord' | 'photos' | 'files' | 'table' | 'ref' | 'refs' | 'range'
export type FieldSource = 'typed' | 'prefilled' | 'computed' | 'fed' | 'system' | 'ledger'

export interface FieldDef {
  key: string; label: string; type: FieldType; unit?: string; min?: number; max?: number; standard?: string; suggested?: boolean
  codes?: { code: string; label: string }[]; required: boolean; level: 1 | 2 | 3 | 4
  source: FieldSource; source_label: string; ref?: string; hint?: string; columns?: FieldDef[]
  visible_when?: Ast; required_when?: Ast; computed?: Ast; formula?: string; caliber?: string
  /** Added by the screen: whom one may choose from. */
  people?: { id: string; name: string }[]
}
/** `check` must be true; a soft rule gives a warning that a written reason answers. */
export interface Rule { id: string; check: Ast; message: string; fields: string[]; soft: boolean; each?: string }
export interface FormDef {
  code: string; title: string; kind: 'register' | 'ledger' | 'report' | 'form'; version: number
  subject: string; asker: string; freq: string; sections?: { title: string; fields: string[] }[]
  fields: FieldDef[]; rules: Rule[]; notes?: { text: string; needs: string[] }[]
  /** An entry becomes an order when the first is true; where the second is, somebody may ask for one. */
  order?: { when: Ast; offer: Ast }
}
