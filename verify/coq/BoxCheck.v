(** * Checking |f - table| <= bound on every cell, by intervals, in the kernel

    The target f comes with enclosures of its values on the boxes of a grid: those of an expression by interval
    arithmetic (below), or others. The table is what a geometric network stores: on the cell k of level l the value
    of level 0 plus the corrections of the levels 1, ..., l, each lo + step * field. [check] is a boolean that the
    kernel computes; [check_sound] says what it means. Any interval arithmetic of coq-interval will do (Computing.v
    chooses). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Interval Require Import Interval.Interval Eval.Tree Float.Basic Real.Xreal Float.Sig.
From Approxcert Require Import Sums GridBoxes.
Import ListNotations.
Local Open Scope R_scope.

(** ** What is stored, and what it means *)

(** One level of a table: cells a side, and the correction [low + step * field J] of cell number [J]. *)
Record stored_level := StoredLevel { cells : Z; low : Q; step : Q; field : Z -> Z }.

(** The number of the cell k of a grid with c cells a side: k_0 + c k_1 + c^2 k_2 + ... *)
Definition number (c : Z) (ks : list Z) : Z := fold_right (fun k acc => k + c * acc)%Z 0%Z ks.

(** The value of a cell of the finest of some levels, the finest first; each has [base] times the cells a side of
    the next one. *)
Fixpoint table_value (base : Z) (value0 : Q) (levels : list stored_level) (ks : list Z) : R :=
  match levels with
  | [] => Q2R value0
  | s :: coarser => table_value base value0 coarser (map (fun k => (k / base)%Z) ks)
      + (Q2R (low s) + Q2R (step s) * IZR (field s (number (cells s) ks)))
  end.

Module Make (I : IntervalOps).
Module T := Tree.Bnd I.

Section Precision.
Variable prec : I.precision.

Definition encloses (xi : I.type) (x : R) : Prop := contains (I.convert xi) (Xreal x).

(** ** Expressions *)

Fixpoint enclosure (e : expr) (env : list I.type) : I.type :=
  match e with
  | Evar n => nth n env I.nai
  | Econst o => T.nullary_bnd prec o
  | Eunary o e1 => T.unary_bnd prec o (enclosure e1 env)
  | Ebinary o e1 e2 => T.binary_bnd prec o (enclosure e1 env) (enclosure e2 env)
  end.

Lemma enclosure_sound : forall e env xs, Forall2 encloses env xs -> encloses (enclosure e env) (eval e xs).
Proof using.
  induction e; intros env xs H; simpl.
  - revert n. induction H; intros [|n]; simpl; auto; unfold encloses; rewrite I.nai_correct; exact Logic.I.
  - apply T.nullary_bnd_correct.
  - apply T.unary_bnd_correct. apply IHe; auto.
  - apply T.binary_bnd_correct; [apply IHe1 | apply IHe2]; auto.
Qed.

Lemma add_sound : forall a b x y, encloses a x -> encloses b y -> encloses (I.add prec a b) (x + y).
Proof using. intros; apply (T.binary_bnd_correct prec Add); assumption. Qed.
Lemma mul_sound : forall a b x y, encloses a x -> encloses b y -> encloses (I.mul prec a b) (x * y).
Proof using. intros; apply (T.binary_bnd_correct prec Mul); assumption. Qed.

(** ** Numbers and intervals of the grid *)

Definition of_Z (z : Z) : I.type := I.fromZ prec z.
Definition of_Q (q : Q) : I.type := I.div prec (of_Z (Qnum q)) (of_Z (Zpos (Qden q))).

Lemma of_Z_sound : forall z, encloses (of_Z z) (IZR z).
Proof using. intros; apply I.fromZ_correct. Qed.
Lemma of_Q_sound : forall q, encloses (of_Q q) (Q2R q).
Proof using. intros; apply (T.binary_bnd_correct prec Div); apply of_Z_sound. Qed.

(** [0,1], and [k/M, (k+1)/M]. *)
Definition unit_interval : I.type := I.meet (I.upper_extent (of_Z 0)) (I.lower_extent (of_Z 1)).
Lemma unit_interval_sound : forall t, 0 <= t <= 1 -> encloses unit_interval t.
Proof using.
  intros t H. apply I.meet_correct.
  - apply I.upper_extent_correct with 0; [apply I.fromZ_correct | lra].
  - apply I.lower_extent_correct with 1; [apply I.fromZ_correct | lra].
Qed.

Definition interval (unit mesh : I.type) (k : Z) : I.type := I.div prec (I.add prec (of_Z k) unit) mesh.
Lemma interval_sound : forall M k t, (0 < M)%Z -> in_interval M k t ->
  encloses (interval unit_interval (of_Z M) k) t.
Proof using.
  intros M k t HM [H0 H1]. assert (HP : 0 < IZR M) by (apply IZR_lt; assumption).
  replace t with ((IZR k + (t * IZR M - IZR k)) / IZR M) by (field; lra).
  apply (T.binary_bnd_correct prec Div _ _ (IZR k + (t * IZR M - IZR k)) (IZR M)); [|apply of_Z_sound].
  apply add_sound; [apply of_Z_sound|]. apply unit_interval_sound.
  apply Rmult_le_compat_r with (r := IZR M) in H0; [|lra].
  apply Rmult_le_compat_r with (r := IZR M) in H1; [|lra].
  unfold Rdiv in H0, H1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in H0 by lra.
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r in H1 by lra. lra.
Qed.

(** ** The table *)

(** A level with its numbers as intervals, computed once. *)
Record ready_level := ReadyLevel { r_cells : Z; r_low : I.type; r_step : I.type; r_field : Z -> Z }.
Definition ready (s : stored_level) : ready_level := ReadyLevel (cells s) (of_Q (low s)) (of_Q (step s)) (field s).

(** The correction of a cell of this level. *)
Definition correction (s : ready_level) (ks : list Z) : I.type :=
  I.add prec (r_low s) (I.mul prec (r_step s) (of_Z (r_field s (number (r_cells s) ks)))).

Lemma correction_sound : forall s ks,
  encloses (correction (ready s) ks) (Q2R (low s) + Q2R (step s) * IZR (field s (number (cells s) ks))).
Proof using. intros. apply add_sound; [|apply mul_sound]; apply of_Q_sound || apply of_Z_sound. Qed.

(** ** Comparison *)

Definition at_most (a b : I.type) : bool := match I.sign_large (I.sub prec b a) with Xgt | Xeq => true | _ => false end.
Lemma at_most_sound : forall a b x y, encloses a x -> encloses b y -> at_most a b = true -> x <= y.
Proof using.
  intros a b x y Hx Hy H. unfold at_most in H.
  assert (HD : encloses (I.sub prec b a) (y - x)) by (apply (T.binary_bnd_correct prec Sub); assumption).
  pose proof (I.sign_large_correct (I.sub prec b a)) as HS.
  destruct (I.sign_large _); try discriminate; specialize (HS _ HD).
  - injection HS; intros; lra.
  - destruct HS as [_ HS]; simpl in HS; lra.
Qed.

(** What is claimed of one level: |f - table| <= bound, to be seen on [split] boxes a cell and axis. *)
Record bounded_level := BoundedLevel { stored : stored_level; split : Z; bound : Q }.

(** A bounded level with its intervals, computed once. *)
Record ready_bound := ReadyBound { r_level : ready_level; r_split : Z; r_range : list Z -> I.type; r_bound : I.type }.
Definition ready_bounded (ranges : Z -> list Z -> I.type) (b : bounded_level) : ready_bound :=
  ReadyBound (ready (stored b)) (split b) (ranges (cells (stored b) * split b)%Z) (of_Q (bound b)).

(** |f - v| <= most on all parts of the cell [ks]. *)
Definition cell_ok (range : list Z -> I.type) (pieces : Z) (most : I.type) (ks : list Z) (v : I.type) : bool :=
  all_parts pieces ks (fun js => at_most (I.abs (I.sub prec (range js) v)) most).

(** All cells below the cell [ks], whose value is [v], level by level. *)
Fixpoint below_ok (base : Z) (levels : list ready_bound) (ks : list Z) (v : I.type) : bool :=
  match levels with
  | [] => true
  | b :: finer => all_parts base ks (fun js =>
      let w := I.add prec v (correction (r_level b) js) in
      if cell_ok (r_range b) (r_split b) (r_bound b) js w then below_ok base finer js w else false)
  end.

(** The cells a side of the levels are the powers of the base. *)
Fixpoint sides_ok (base side : Z) (levels : list bounded_level) : bool :=
  match levels with
  | [] => true
  | b :: finer => (cells (stored b) =? side * base)%Z && (0 <? split b)%Z && sides_ok base (side * base) finer
  end.

(** [ranges M js] encloses the values of f on box js of the grid with M boxes a side. *)
Definition check (d : nat) (ranges : Z -> list Z -> I.type) (base : Z) (value0 : Q) (split0 : Z) (bound0 : Q)
    (levels : list bounded_level) : bool :=
  let v := of_Q value0 in
  let origin := repeat 0%Z d in
  (0 <? base)%Z && (0 <? split0)%Z && sides_ok base 1 levels &&
  cell_ok (ranges (1 * split0)%Z) split0 (of_Q bound0) origin v &&
  below_ok base (map (ready_bounded ranges) levels) origin v.

(** ** What it means *)

(** [ranges M] gives for the box that holds a point an interval that holds the value there. *)
Definition encloses_on_boxes (d : nat) (f : list R -> R) (ranges : Z -> list Z -> I.type) : Prop :=
  forall M x, (0 < M)%Z -> cube d x -> encloses (ranges M (box_of M x)) (f x).

Lemma cell_ok_sound : forall d f ranges side pieces x q v r, encloses_on_boxes d f ranges ->
  (0 < side)%Z -> (0 < pieces)%Z -> cube d x -> encloses v r ->
  cell_ok (ranges (side * pieces)%Z) pieces (of_Q q) (box_of side x) v = true -> Rabs (f x - r) <= Q2R q.
Proof using.
  intros d f ranges side pieces x q v r Hf Hs Hp Hx Hv H.
  pose proof (all_parts_of side pieces d x _ Hs Hp Hx H) as G. cbn beta in G.
  refine (at_most_sound _ _ _ _ _ (of_Q_sound q) G).
  apply (T.unary_bnd_correct prec Abs _ (f x - r)).
  apply (T.binary_bnd_correct prec Sub); [|assumption]. apply Hf; [nia|assumption].
Qed.

Lemma below_ok_sound : forall d f ranges base value0 x, encloses_on_boxes d f ranges -> (0 < base)%Z -> cube d x ->
  forall levels coarser side v, (0 < side)%Z -> sides_ok base side levels = true ->
  encloses v (table_value base value0 coarser (box_of side x)) ->
  below_ok base (map (ready_bounded ranges) levels) (box_of side x) v = true ->
  forall front b back, levels = front ++ b :: back ->
  Rabs (f x - table_value base value0 (stored b :: rev (map stored front) ++ coarser) (box_of (cells (stored b)) x))
    <= Q2R (bound b).
Proof using.
  intros d f ranges base value0 x Hr Hb Hx. induction levels as [|b0 finer IH]; intros coarser side v Hs Ho Hv H front b back E.
  - destruct front; discriminate.
  - cbn [sides_ok] in Ho. apply andb_prop in Ho. destruct Ho as [Ho Hf]. apply andb_prop in Ho. destruct Ho as [Hc Hp].
    apply Z.eqb_eq in Hc. apply Z.ltb_lt in Hp.
    cbn [map below_ok] in H. pose proof (all_parts_of side base d x _ Hs Hb Hx H) as G. cbn beta zeta in G.
    destruct (cell_ok _ _ _ _ _) eqn:Hcell; [|discriminate].
    assert (Hw : encloses (I.add prec v (correction (ready (stored b0)) (box_of (side * base) x)))
        (table_value base value0 (stored b0 :: coarser) (box_of (side * base) x))).
    { cbn [table_value]. rewrite (box_of_coarser side base d x Hs Hb Hx).
      apply add_sound; [assumption|apply correction_sound]. }
    destruct front as [|f0 front]; cbn [app] in E; injection E as E0 E; subst.
    + cbn [map rev app]. rewrite Hc.
      unfold ready_bounded in Hcell; cbn [r_level r_split r_range r_bound] in Hcell. rewrite Hc in Hcell.
      refine (cell_ok_sound d f ranges (side * base) (split b) x (bound b) _ _ Hr _ Hp Hx Hw Hcell). nia.
    + cbn [map rev]. rewrite <- app_assoc. cbn [app].
      refine (IH (stored f0 :: coarser) (side * base)%Z _ _ Hf Hw G front b back eq_refl). nia.
Qed.

Lemma box_of_1 : forall d x, cube d x -> box_of 1 x = repeat 0%Z d.
Proof using.
  intros d x Hx. destruct (box_of_spec 1 d x ltac:(lia) Hx) as (Hl & Hr & _).
  clear Hx. revert Hl Hr. generalize (box_of 1 x). intros ks <- Hr. induction Hr; simpl; [reflexivity|].
  f_equal; [lia|assumption].
Qed.

Lemma check_sound : forall d f ranges base value0 split0 bound0 levels, encloses_on_boxes d f ranges ->
  check d ranges base value0 split0 bound0 levels = true -> forall x, cube d x ->
  Rabs (f x - Q2R value0) <= Q2R bound0 /\
  forall front b back, levels = front ++ b :: back ->
  Rabs (f x - table_value base value0 (stored b :: rev (map stored front)) (box_of (cells (stored b)) x))
    <= Q2R (bound b).
Proof using.
  intros d f ranges base value0 split0 bound0 levels Hf H x Hx. unfold check in H.
  apply andb_prop in H. destruct H as [H Hbelow]. apply andb_prop in H. destruct H as [H Hcell].
  apply andb_prop in H. destruct H as [H Hsides]. apply andb_prop in H. destruct H as [Hb Hs].
  apply Z.ltb_lt in Hb. apply Z.ltb_lt in Hs. rewrite <- (box_of_1 d x Hx) in Hcell, Hbelow. split.
  - refine (cell_ok_sound d f ranges 1 split0 x bound0 _ _ Hf _ Hs Hx (of_Q_sound value0) Hcell). lia.
  - intros front b back E. rewrite <- (app_nil_r (rev (map stored front))).
    refine (below_ok_sound d f ranges base value0 x Hf Hb Hx levels [] 1 _ _ Hsides _ Hbelow front b back E); [lia|].
    apply of_Q_sound.
Qed.

(** ** Expressions as targets *)

Definition expression_ranges (e : expr) (M : Z) : list Z -> I.type :=
  let mesh := of_Z M in let unit := unit_interval in fun js => enclosure e (map (interval unit mesh) js).

Lemma expression_ranges_sound : forall d e, encloses_on_boxes d (eval e) (expression_ranges e).
Proof using.
  intros d e M x HM Hx. apply enclosure_sound. destruct (box_of_spec M d x HM Hx) as (_ & _ & Hb).
  clear -Hb HM. induction Hb; simpl; constructor; try assumption. apply interval_sound; assumption.
Qed.

(** ** Ranges given as rational numbers *)

Definition between (lo hi : Q) : I.type := I.meet (I.upper_extent (of_Q lo)) (I.lower_extent (of_Q hi)).

Lemma between_sound : forall lo hi t, Q2R lo <= t <= Q2R hi -> encloses (between lo hi) t.
Proof using.
  intros lo hi t H. apply I.meet_correct.
  - apply I.upper_extent_correct with (Q2R lo); [apply of_Q_sound|lra].
  - apply I.lower_extent_correct with (Q2R hi); [apply of_Q_sound|lra].
Qed.
End Precision.
End Make.
