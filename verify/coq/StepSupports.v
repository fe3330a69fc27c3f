(** * Whether a step overshoots nowhere, decided in integers at the nodes of its support

    A step at the node k of mesh 1/m is safe for a residual that is linear on a grid q times finer if it is so at
    the fine nodes in the closed support of its hat (the converse is in ErosionSteps.v). For a fine node l these
    are finitely many k, all within one coarse mesh width of it, told by the gauge of l - q k in integers. *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate ErosionSteps.
Import ListNotations.
Local Open Scope R_scope.

(** ** Safe at the nodes of the support, safe everywhere *)

(** For every d, every mesh 1/m, every q >= 1 and every residual r that is linear on the Kuhn triangulation of mesh
    1/(q m): a step c at the node k/m is safe if at every fine node in the closed support of the hat the residual
    has the sign of c and is at least as large. *)
Theorem safe_on_support : forall d m q r k c, (1 <= m)%nat -> (1 <= q)%nat -> linear d (q * m) r ->
  (forall l, In l (support d m q k) -> 0 <= c * r (point (q * m) l) /\ Rabs c <= Rabs (r (point (q * m) l))) ->
  safe d m r k c.
Proof.
  intros d m q r k c Hm Hq Hr Hc x Hx Hk.
  destruct (Req_dec c 0) as [->|Hc0]; [rewrite Rabs_R0, Rmult_0_l; split; [lra|apply Rabs_pos]|].
  pose proof (partition_of_unity d (q * m) x ltac:(nia) Hx) as P.
  assert (A : forall c, total (nodes d (q * m)) (fun l => hat d (q * m) l x * c) = c).
  { intros b. rewrite (total_ext _ _ _ (fun l => b * hat d (q * m) l x)) by (intros; ring). rewrite total_scale, P. ring. }
  assert (N : forall l, In l (nodes d (q * m)) -> hat d (q * m) l x = 0 \/
    0 < hat d (q * m) l x /\ 0 <= c * r (point (q * m) l) /\ Rabs c <= Rabs (r (point (q * m) l))).
  { intros l Hl. pose proof (hat_range d (q * m) l x) as [[H|H] _]; [right|left; congruence].
    split; [assumption|]. apply Hc. apply (fine_in_support d m q k l x); assumption. }
  destruct (Rle_lt_dec 0 c) as [Hp|Hn].
  - assert (c <= r x).
    { rewrite (Hr x Hx). rewrite <- (A c) at 1. apply total_le. intros l Hl. destruct (N l Hl) as [->|(H0 & H1 & H2)]; [lra|].
      rewrite (Rabs_right c) in H2 by lra. unfold Rabs in H2. destruct Rcase_abs in H2; nra. }
    rewrite !Rabs_right by lra. nra.
  - assert (r x <= c).
    { rewrite (Hr x Hx). rewrite <- (A c). apply total_le. intros l Hl. destruct (N l Hl) as [->|(H0 & H1 & H2)]; [lra|].
      rewrite (Rabs_left c) in H2 by lra. unfold Rabs in H2. destruct Rcase_abs in H2; nra. }
    rewrite !Rabs_left by lra. nra.
Qed.

(** ** The gauge in integers *)

(** l - q k, coordinate by coordinate. *)
Fixpoint seen (q : Z) (k l : list Z) : list Z :=
  match k, l with a :: k', b :: l' => (b - q * a)%Z :: seen q k' l' | _, _ => [] end.
(** The largest of 0 and some integers. *)
Definition top_of (v : list Z) : Z := fold_right Z.max 0%Z v.
Definition gauge_of (v : list Z) : Z := (top_of v + top_of (map Z.opp v))%Z.

Lemma top_of_top : forall v F, (forall i, (i < length v)%nat -> F i = IZR (nth i v 0%Z)) -> top (length v) F = IZR (top_of v).
Proof.
  induction v as [|z v IH]; intros F H; [reflexivity|].
  cbn [length top_of fold_right]. rewrite top_first, (IH (fun i => F (S i))).
  - rewrite (H 0%nat) by (cbn; lia). cbn [nth]. fold (top_of v).
    destruct (Z.max_spec z (top_of v)) as [[L ->]|[L ->]]; [apply Z.lt_le_incl in L|]; apply IZR_le in L;
      [apply Rmax_right|apply Rmax_left]; assumption.
  - intros i Hi. apply (H (S i)). cbn; lia.
Qed.

Lemma seen_nth : forall q d k l i, length k = d -> length l = d -> (i < d)%nat ->
  length (seen q k l) = d /\ nth i (seen q k l) 0%Z = (nth i l 0 - q * nth i k 0)%Z.
Proof.
  intros q. induction d; intros k l i Hk Hl Hi; [lia|]. destruct k as [|a k], l as [|b l]; try discriminate.
  injection Hk; intros Hk'; injection Hl; intros Hl'. cbn [seen length nth].
  destruct i; [split; [|reflexivity]|].
  - destruct d; [destruct k, l; try discriminate; reflexivity|]. f_equal. apply (IHd k l 0%nat); lia || assumption.
  - destruct (IHd k l i Hk' Hl' ltac:(lia)) as [-> ->]. split; reflexivity.
Qed.

Lemma gauge_seen : forall d q k l, (1 <= d)%nat -> length k = d -> length l = d ->
  gauge d (offset_of q k l) = IZR (gauge_of (seen (Z.of_nat q) k l)).
Proof.
  intros d q k l Hd Hk Hl. destruct (seen_nth (Z.of_nat q) d k l 0 Hk Hl Hd) as [L _].
  assert (E : forall i, (i < d)%nat -> offset_of q k l i = IZR (nth i (seen (Z.of_nat q) k l) 0%Z)).
  { intros i Hi. destruct (seen_nth (Z.of_nat q) d k l i Hk Hl Hi) as [_ ->]. unfold offset_of.
    rewrite minus_IZR, mult_IZR, <- INR_IZR_INZ. reflexivity. }
  unfold gauge, gauge_of. rewrite plus_IZR. f_equal.
  - rewrite <- L. apply top_of_top. intros i Hi. apply E. lia.
  - replace d with (length (map Z.opp (seen (Z.of_nat q) k l))) at 1 by (rewrite map_length; assumption).
    apply top_of_top. intros i Hi. rewrite map_length in Hi. rewrite E by lia. rewrite <- opp_IZR. f_equal.
    symmetry. exact (map_nth Z.opp _ 0%Z i).
Qed.

(** ** The coarse nodes whose closed supports a fine node may be in *)

(** The coordinates k from 0 to m with |z - q k| <= q. *)
Definition near_places (q m z : Z) : list Z :=
  let a := (z / q)%Z in
  filter (fun k => (0 <=? k)%Z && (k <=? m)%Z && (Z.abs (z - q * k) <=? q)%Z)%bool [(a - 1)%Z; a; (a + 1)%Z].
Fixpoint near (q m : Z) (l : list Z) : list (list Z) :=
  match l with
  | [] => [[]]
  | z :: l' => let others := near q m l' in flat_map (fun k => map (cons k) others) (near_places q m z)
  end.

Lemma top_of_ge : forall v z, In z v -> (z <= top_of v)%Z.
Proof. induction v as [|a v IH]; intros z []; cbn [top_of fold_right]; fold (top_of v); [subst; lia|]. specialize (IH z H). lia. Qed.

Lemma near_complete : forall d q m k l, (1 <= q)%nat -> In k (nodes d m) -> length l = d ->
  (gauge_of (seen (Z.of_nat q) k l) <= Z.of_nat q)%Z -> In k (near (Z.of_nat q) (Z.of_nat m) l).
Proof.
  intros d q m k l Hq. revert k l. set (Q := Z.of_nat q).
  assert (G : forall d k l, In k (nodes d m) -> length l = d ->
    (forall z, In z (seen Q k l) -> Z.abs z <= Q)%Z -> In k (near Q (Z.of_nat m) l)).
  { clear d. induction d; intros k l Hk Hl H; cbn [nodes] in Hk.
    - destruct Hk as [<-|[]]. destruct l; [left; reflexivity|discriminate].
    - apply in_flat_map in Hk. destruct Hk as (j & Hj & Hk). apply in_seq in Hj. apply in_map_iff in Hk.
      destruct Hk as (k' & <- & Hk). destruct l as [|z l]; [discriminate|]. injection Hl; intros Hl'.
      cbn [near]. cbn zeta. apply in_flat_map. cbn [seen] in H.
      exists (Z.of_nat j). split; [|apply in_map, IHd; [assumption|assumption|intros; apply H; right; assumption]].
      specialize (H _ (or_introl eq_refl)). unfold near_places. cbn zeta. apply filter_In. split.
      + assert (HQ : (0 < Q)%Z) by (unfold Q; lia). pose proof (Z.mul_div_le z Q HQ). pose proof (Z.mul_succ_div_gt z Q HQ).
        assert (z / Q - 2 < Z.of_nat j < z / Q + 2)%Z by nia. cbn [In]. lia.
      + repeat (apply andb_true_intro; split); apply Z.leb_le; lia. }
  intros k l Hk Hl Hg. apply (G d); try assumption. intros z Hz. unfold gauge_of in Hg.
  pose proof (top_of_ge _ z Hz). pose proof (top_of_ge _ (- z)%Z (in_map Z.opp _ z Hz)).
  assert (T : forall v, (0 <= top_of v)%Z) by (induction v; cbn [top_of fold_right]; [lia|fold (top_of v); lia]).
  pose proof (T (seen Q k l)). pose proof (T (map Z.opp (seen Q k l))). lia.
Qed.
